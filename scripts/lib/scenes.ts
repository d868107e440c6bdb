import { expect, type Locator, type Page } from '@playwright/test'
import { open } from '../../tests/support/all-pages'
import { canvasDriver } from '../../tests/support/canvas-driver'
import type { Work } from '../../tests/support/fill-with-work'
import { type TourWork, typesOfEveryWidget } from './tour-work'

/** A state that is to be looked at: where it begins and what is done there. */
export interface Scene {
  at: string
  /** Before the page is opened; then it shows what it has, which may be nothing yet. */
  before?: (page: Page) => Promise<unknown>
  show?: (page: Page) => Promise<unknown>
  /** Also as wide as a phone. */
  phone?: true
}

/**
 * What the builder and a run look like in each of their states. These pictures are taken to be looked at. Those that are compared show the
 * canvas alone (`tests/e2e/looks.spec.ts`); what else must hold of a look is asserted where it can be said: by axe, by the marks on a card.
 */
export function scenesOf(base: string, work: Work, tour: TourWork): Record<string, Scene> {
  const draft = `${base}/workflows/${work.workflowId}`
  return {
    ...at(draft, canvasScenes),
    ...at(draft, dialogScenes),
    ...at(tour.tested, testScenes),
    ...named('types-', at(tour.types, zooms)),
    ...named('long-', at(tour.long, longScenes)),
    ...panelScenes(tour),
    ...runScenes(tour, work, base),
    ...pageScenes(base, draft, tour, work),
  }
}

type Shows = Record<string, (page: Page) => Promise<unknown>>

const at = (url: string, shows: Shows): Record<string, Scene> =>
  Object.fromEntries(Object.entries(shows).map(([name, show]) => [name, { at: url, show }]))
const named = (prefix: string, scenes: Record<string, Scene>) =>
  Object.fromEntries(Object.entries(scenes).map(([name, scene]) => [`${prefix}${name}`, scene]))

const zooms: Shows = {
  'canvas-near': (page) => zoom(page, 3),
  'canvas-middle': (page) => page.keyboard.press('1'),
  'canvas-far': (page) => zoom(page, -6),
}

const canvasScenes: Shows = {
  ...zooms,
  'node-chosen': chosen,
  'several-chosen': (page) => page.keyboard.press('ControlOrMeta+a'),
  'put-in-container': async (page) => {
    await page.keyboard.press('ControlOrMeta+a')
    await page.getByRole('button', { name: 'Put in a container' }).click()
    await expect(page.getByRole('menu')).toBeVisible()
  },
  'node-menu': async (page) => {
    await firstStep(page).click()
    await page
      .getByRole('toolbar', { name: /^Actions for/ })
      .getByRole('button', { name: 'More actions' })
      .click()
    await expect(page.getByRole('menu')).toBeVisible()
  },
  rename: async (page) => {
    await firstStep(page).click()
    await page.keyboard.press('F2')
  },
  'edge-hovered': async (page) => {
    const edge = page.locator('.react-flow__edge-interaction').first()
    await edge.dispatchEvent('mouseover')
    await edge.hover({ force: true })
  },
  search: async (page) => {
    await firstStep(page).click()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('dialog')).toBeVisible()
  },
  'search-typed': async (page) => {
    await firstStep(page).click()
    await page.keyboard.press('Tab')
    await page.getByRole('dialog').getByRole('combobox').fill('send mail')
  },
  'search-nothing': async (page) => {
    await firstStep(page).click()
    await page.keyboard.press('Tab')
    await page.getByRole('dialog').getByRole('combobox').fill('qqqq')
  },
  'palette-nothing': (page) => page.getByRole('textbox', { name: 'Search nodes' }).fill('qqqq'),
  outline,
  'outline-actions': async (page) => {
    await outline(page)
    await page.keyboard.press('.')
    await expect(page.getByRole('menu')).toBeVisible()
  },
  problems: (page) => dock(page, /^Problems/),
  'test-data-none': (page) => dock(page, /^Test data/),
  'dropped-rubbish': async (page) => {
    await drop(page, 'letter.txt', 'just some text')
    await expect(page.getByText('This holds no nodes.')).toBeVisible()
  },
  openapi: async (page) => {
    await drop(page, 'shop.yaml', openApi)
    await expect(page.getByRole('dialog', { name: 'Requests of Shop' })).toBeVisible()
  },
  offline: async (page) => {
    await page.context().setOffline(true)
    await firstStep(page).click()
    await page.keyboard.press('d')
    await expect(page.locator('[data-saving="offline"]')).toBeVisible()
    await expect(page.getByRole('status').filter({ hasText: /connection|offline/i })).toBeVisible()
  },
  'session-ended': async (page) => {
    await page.context().clearCookies()
    await firstStep(page).click()
    await page.keyboard.press('d')
    await expect(page.getByRole('dialog')).toBeVisible()
  },
}

const dialogScenes: Shows = {
  publish: (page) => press(page, 'Publish'),
  test: (page) => press(page, 'Test'),
  run: async (page) => {
    await press(page, 'Run')
    await expect(page.getByRole('dialog').getByLabel('Name of this input')).toBeVisible()
  },
  versions,
  'versions-tag': async (page) => {
    await versions(page)
    await page.getByRole('button', { name: 'Actions for version 1' }).click()
    await page.getByRole('menuitem', { name: 'Tag…' }).click()
    await expect(page.getByRole('dialog', { name: 'Tag version 1' })).toBeVisible()
  },
  'versions-restore': async (page) => {
    await versions(page)
    await page.getByRole('button', { name: 'Actions for version 1' }).click()
    await page.getByRole('menuitem', { name: 'Restore to draft' }).click()
    await expect(page.getByRole('button', { name: 'Restore to draft' })).toBeVisible()
  },
  'workflow-menu': (page) => workflowMenu(page),
  'workflow-settings': async (page) => {
    await workflowMenu(page)
    await page.getByRole('menuitem', { name: 'Settings' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
  },
  shortcuts: (page) => key(page, '?'),
  tour: async (page) => {
    await key(page, '?')
    await page.getByRole('button', { name: 'Take the tour' }).click()
    await expect(page.locator('[data-tour]')).toBeVisible()
  },
  find: (page) => key(page, 'ControlOrMeta+f'),
  'find-replace': async (page) => {
    await page.keyboard.press('ControlOrMeta+f')
    const dialog = page.getByRole('dialog', { name: 'Find in this workflow' })
    await dialog.getByRole('combobox').fill('order')
    await dialog.getByLabel('Replace it with').fill('purchase')
  },
  'find-nothing': async (page) => {
    await page.keyboard.press('ControlOrMeta+f')
    await page.getByRole('dialog').getByRole('combobox').fill('qqqq')
  },
  commands: (page) => key(page, 'ControlOrMeta+k'),
}

const testScenes: Shows = {
  'canvas-tested': (page) => page.keyboard.press('1'),
  'test-data': (page) => dock(page, /^Test data/),
  'remove-container': async (page) => {
    await page.locator('.mr-frame .mr-nm').first().click()
    await page.keyboard.press('Delete')
    await expect(page.getByRole('dialog')).toBeVisible()
  },
  'test-held': (page) => holdTest(page),
  'change-value': async (page) => {
    await holdTest(page)
    await page.getByRole('button', { name: 'Change a value' }).click()
    await expect(page.getByRole('dialog', { name: 'Change a value' }).getByRole('textbox').first()).toBeVisible()
  },
  'publish-allowed': (page) => press(page, 'Publish'),
  'panel-tree': (page) => openNode(page, 'Prepare'),
  'panel-table': (page) => look(page, 'Prepare', 'Table'),
  'panel-json': (page) => look(page, 'Prepare', 'JSON'),
  'panel-schema': (page) => look(page, 'Prepare', 'Schema'),
  'panel-search': async (page) => {
    const panel = await openNode(page, 'Prepare')
    await panel.getByRole('region', { name: 'Input' }).getByRole('searchbox', { name: 'Search the data' }).fill('OAK-1017')
    await expect(panel.locator('[data-path="input.body.lines[17].sku"]')).toBeVisible()
  },
  'panel-search-nothing': async (page) => {
    const panel = await openNode(page, 'Prepare')
    await panel.getByRole('region', { name: 'Input' }).getByRole('searchbox', { name: 'Search the data' }).fill('qqqq')
  },
  'panel-docked': async (page) => {
    const panel = await openNode(page, 'Prepare')
    await panel.getByRole('button', { name: 'Dock below the canvas' }).click()
    await expect(page.locator('[data-docked]')).toBeVisible()
  },
  'panel-pill': async (page) => {
    const panel = await openNode(page, 'Prepare')
    await panel.locator('.pill').first().hover({ force: true })
    await expect(page.getByRole('tooltip').first()).toBeVisible()
  },
  'panel-pinned': (page) => openNode(page, 'Order came in'),
  'panel-failed': (page) => openNode(page, 'Check the books'),
  'panel-missing': (page) => openNode(page, 'Write to the books'),
  'panel-output-table': async (page) => {
    const panel = await openNode(page, 'Prepare')
    await panel.getByTestId('node-output').getByRole('radio', { name: 'Table' }).click()
  },
  'panel-effects': async (page) => {
    const panel = await openNode(page, 'Reserve stock')
    await panel.getByRole('button', { name: 'Test up to here' }).click()
    await expect(page.getByRole('dialog', { name: 'This would really happen' })).toBeVisible()
  },
  'panel-other-input': async (page) => {
    const panel = await openNode(page, 'Prepare')
    await panel.getByRole('button', { name: 'More tests' }).click()
    await page.getByRole('menuitem', { name: 'Test with other input' }).click()
    await expect(page.getByRole('dialog', { name: /with other input/ })).toBeVisible()
  },
  'panel-credential': async (page) => {
    const panel = await openNode(page, 'Reserve stock')
    await panel.getByRole('button', { name: 'New credential' }).click()
    await expect(page.getByRole('dialog', { name: 'New credential' })).toBeVisible()
  },
  'panel-in-loop': (page) => openNode(page, 'Weigh'),
  ...Object.fromEntries(
    ['On failure', 'What is kept', 'Notes', 'Help'].map((tab) => [
      `panel-${tab.toLowerCase().replaceAll(' ', '-')}`,
      async (page: Page) => {
        const panel = await openNode(page, 'Reserve stock')
        await panel.getByRole('tab', { name: tab }).click()
      },
    ]),
  ),
}

const longScenes: Shows = {
  canvas: (page) => page.keyboard.press('1'),
  'node-chosen': chosen,
  outline,
  find: async (page) => {
    await page.keyboard.press('ControlOrMeta+f')
    await page.getByRole('dialog').getByRole('combobox').fill('register')
  },
  versions,
  publish: (page) => press(page, 'Publish'),
  panel: async (page) => {
    await firstStep(page).dblclick()
    await expect(page.locator('[data-node-panel]')).toBeVisible()
  },
  'panel-fields': async (page) => {
    await page.locator('.mr-nm', { hasText: 'Rechtsschutz' }).dblclick()
    await expect(page.locator('[data-node-panel]')).toBeVisible()
  },
}

/** Of each widget one node, over the page and below the canvas. */
function panelScenes({ types }: TourWork): Record<string, Scene> {
  const scenes = typesOfEveryWidget().flatMap(({ type, nodeId }): [string, Scene][] => {
    const url = `${types}?node=${nodeId}`
    return [
      [`widgets-${type}`, { at: url, show: (page) => expect(page.locator('[data-node-panel]')).toBeVisible() }],
      [
        `widgets-${type}-docked`,
        {
          at: url,
          before: (page) => page.addInitScript(() => localStorage.setItem('millrace:panel', 'docked')),
          show: (page) => expect(page.locator('[data-docked]')).toBeVisible(),
        },
      ],
    ]
  })
  return Object.fromEntries(scenes)
}

function runScenes(tour: TourWork, work: Work, base: string): Record<string, Scene> {
  const failed = `${base}/runs/${work.failedRunId}`
  return {
    'run-loop': { at: `${tour.loopRun}?step=loop_000`, phone: true },
    'run-iteration': { at: `${tour.loopRun}?step=loop_000/17/reserve0`, phone: true },
    'run-loop-failed': { at: tour.loopRun, phone: true },
    'run-long': { at: tour.longRun, phone: true },
    'run-sub': { at: `${tour.parentRun}?step=charge00` },
    'run-sub-opened': {
      at: `${tour.parentRun}?step=charge00`,
      show: async (page) => {
        await page.getByTestId('step-panel').getByRole('button', { name: 'Open here' }).click()
        await expect(page.getByRole('navigation', { name: 'Where this run stands' })).toBeVisible()
      },
    },
    'run-timeline-zoomed': {
      at: tour.loopRun,
      show: async (page) => {
        await page.getByRole('listbox', { name: 'Steps' }).focus()
        await page.keyboard.press('z')
      },
    },
    ...Object.fromEntries(
      ['Input', 'Output', 'Logs'].map((tab): [string, Scene] => [
        `run-${tab.toLowerCase()}`,
        { at: failed, show: (page) => page.getByTestId('step-panel').getByRole('tab', { name: tab }).click() },
      ]),
    ),
    'run-replay': {
      at: failed,
      show: async (page) => {
        await press(page, /^Replay/)
        await expect(page.getByRole('dialog').locator('.late')).toHaveCount(0)
      },
    },
    'run-cancel': { at: `${base}/runs/${work.runId}`, show: (page) => press(page, 'Cancel') },
  }
}

const missing = 'wf_00000000000000000000000000000000'

function pageScenes(base: string, draft: string, tour: TourWork, work: Work): Record<string, Scene> {
  const run = `${base}/runs/${work.runId}`
  return {
    'asks-run': {
      at: tour.asks,
      show: async (page) => {
        await page.getByRole('button', { name: 'Run', exact: true }).first().click()
        await expect(page.getByRole('dialog').getByLabel('Mail of the customer')).toBeVisible()
      },
    },
    // What is typed and dropped stays: not in the draft that most other pictures show.
    'panel-completion': {
      at: tour.asks,
      show: async (page) => {
        const panel = await openNode(page, 'Write the credit note')
        await panel.getByRole('textbox', { name: 'Fields, value of note', exact: true }).fill('')
        await page.keyboard.type('{{ r')
        await expect(page.getByRole('listbox')).toBeVisible()
      },
    },
    dropped: {
      at: tour.asks,
      show: async (page) => {
        await drop(page, 'stock.csv', 'sku,amount\nOAK-1,3\nELM-2,5')
        // In the second picture there are two.
        await expect(canvasDriver(page).card('stock').last()).toBeVisible()
      },
    },
    'editor-loading': { at: draft, before: (page) => page.route(/trpc.*workflows\.get/, () => {}) },
    'editor-failed': { at: draft, before: fails(/trpc.*workflows\.get/), show: failed },
    'editor-missing': { at: `${base}/workflows/${missing}` },
    'editor-crowd': { at: tour.tested, phone: true },
    'run-loading': { at: run, before: (page) => page.route(/trpc.*runs\.get/, () => {}) },
    'run-failed-to-load': { at: run, before: fails(/trpc.*runs\.get/), show: failed },
    'run-missing': { at: `${base}/runs/${missing.replace('wf', 'run')}` },
    'home-loading': { at: base, before: (page) => page.route(/trpc.*home\./, () => {}) },
    'home-failed': { at: base, before: fails(/trpc.*home\./), show: failed },
    'runs-loading': { at: `${base}/runs`, before: (page) => page.route(/trpc.*runs\.list/, () => {}) },
    'runs-failed': { at: `${base}/runs`, before: fails(/trpc.*runs\.list/), show: failed },
    'runs-nothing': { at: `${base}/runs?search=qqqq`, phone: true },
    'runs-long': { at: `${base}/runs?status=succeeded`, phone: true },
    'versions-loading': { at: `${draft}/versions`, before: (page) => page.route(/trpc.*workflows\.version/, () => {}) },
    'versions-long': { at: `${tour.long}/versions`, phone: true },
    'templates-nothing': { at: `${base}/marketplace?search=qqqq` },
    'new-workflow': { at: `${base}/workflows`, show: (page) => press(page, /^New workflow/) },
    'start-run': { at: `${base}/runs`, show: (page) => press(page, /^(Start|Run) a/) },
    variables: { at: `${base}/settings?tab=variables`, phone: true },
  }
}

/** Asked for more than once before the page gives up. */
const failed = (page: Page) => expect(page.getByRole('button', { name: 'Try again' }).first()).toBeVisible({ timeout: 40_000 })

/** The server answers with its own fault. */
const fails = (what: RegExp) => (page: Page) =>
  page.route(what, (route) =>
    route.fulfill({ status: 500, contentType: 'application/json', body: '[{"error":{"json":{"message":"","code":-32603,"data":{}}}}]' }),
  )

export async function showScene(page: Page, { at: url, before, show }: Scene): Promise<void> {
  if (before) {
    await before(page)
    await page.goto(url)
    await page.waitForTimeout(1_500)
  } else await open(page, url)
  const canvas = page.getByTestId('canvas')
  if (show && (await canvas.count()) > 0) {
    await expect(canvas).toHaveAttribute('data-ready', 'true')
    await page.waitForLoadState('networkidle')
    if ((await page.locator('[data-node-panel], [data-testid="run"]').count()) === 0) await canvas.locator('.react-flow').focus()
  }
  await show?.(page)
  await page.evaluate(async () => {
    await document.fonts.ready
  })
  // What came last measures itself, and colours come to rest.
  await page.waitForTimeout(400)
}

const firstStep = (page: Page) => page.getByTestId('canvas').locator('.mr-node:not([data-shape="trigger"]) .mr-nm').first()
async function chosen(page: Page) {
  await firstStep(page).click()
  await expect(page.getByRole('toolbar', { name: /^Actions for/ })).toBeVisible()
}

const openNode = (page: Page, title: string) => canvasDriver(page).open(title)

async function look(page: Page, title: string, view: string) {
  const panel: Locator = await openNode(page, title)
  await panel.getByRole('region', { name: 'Input' }).getByRole('radio', { name: view }).click()
}

async function dock(page: Page, name: RegExp) {
  await page.getByRole('region', { name: 'Below the canvas' }).getByRole('button', { name }).click()
  await expect(page.getByRole('tabpanel').last().locator(':scope > *').first()).toBeVisible()
}

async function press(page: Page, name: string | RegExp) {
  await page.getByRole('button', { name, exact: true }).first().click()
  await expect(page.getByRole('dialog')).toBeVisible()
}

async function key(page: Page, pressed: string) {
  await page.keyboard.press(pressed)
  await expect(page.getByRole('dialog')).toBeVisible()
}

async function outline(page: Page) {
  await page.keyboard.press('o')
  await expect(page.locator('[role="treeitem"]:focus')).toHaveCount(1)
}

async function versions(page: Page) {
  await page.getByRole('button', { name: 'Version history' }).click()
  await expect(page.getByRole('dialog', { name: 'Version history' }).getByText('v1', { exact: true })).toBeVisible()
}

async function workflowMenu(page: Page) {
  await page.locator('h1').click()
  await expect(page.getByRole('menu')).toBeVisible()
}

async function holdTest(page: Page) {
  const { card, canvas } = canvasDriver(page)
  await card('Label').locator('.mr-nm').click()
  await page.keyboard.press('b')
  await card('Label').locator('.mr-nm').click()
  await page.getByRole('toolbar', { name: 'Actions for Label' }).getByRole('button', { name: 'Up to here' }).click()
  await expect(page.getByRole('region', { name: 'Test that stands still' })).toBeVisible()
  await expect(canvas.locator('[data-flag="breakpoint"]')).toHaveText('Stopped here')
}

async function zoom(page: Page, steps: number) {
  const button = page.getByRole('button', { name: steps > 0 ? 'Zoom in' : 'Zoom out' })
  for (let step = 0; step < Math.abs(steps); step++) if (await button.isEnabled()) await button.click()
}

async function drop(page: Page, name: string, text: string) {
  await page.getByTestId('canvas').evaluate(
    (element, given) => {
      const data = new DataTransfer()
      data.items.add(new File([given.text], given.name))
      const box = element.getBoundingClientRect()
      const where = { clientX: box.left + 300, clientY: box.bottom - 200, bubbles: true, cancelable: true, dataTransfer: data }
      element.dispatchEvent(new DragEvent('dragover', where))
      element.dispatchEvent(new DragEvent('drop', where))
    },
    { name, text },
  )
}

const openApi = `openapi: 3.1.0
info: { title: Shop }
servers: [{ url: https://shop.example/v1 }]
paths:
  /orders/{id}:
    get: { summary: Look an order up, parameters: [{ name: id, in: path, required: true }] }
    delete: { summary: Cancel an order }
  /orders:
    post: { summary: Create an order with all of its lines and tell the customer by mail once the warehouse has reserved them }
`
