import { expect, type Page } from '@playwright/test'
import type { Graph } from '@/workflows/graph/schema'
import { definitions } from '@/workflows/nodes/catalogue'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { canvasDriver } from '../../tests/support/canvas-driver'

/**
 * What the editor looks like in each of its states. These pictures are taken to be looked at. Those that are compared show the canvas alone
 * (`tests/e2e/looks.spec.ts`); what else must hold of a look is asserted where it can be said: by axe, by the marks on a card, by its ports.
 */
export const editorStates: Record<string, (page: Page) => Promise<void>> = {
  'canvas-near': (page) => zoom(page, 3),
  'canvas-middle': async (page) => page.keyboard.press('1'),
  'canvas-far': (page) => zoom(page, -6),
  'node-chosen': async (page) => firstStep(page).click(),
  'several-chosen': async (page) => page.keyboard.press('ControlOrMeta+a'),
  search: async (page) => {
    await firstStep(page).click()
    await page.keyboard.press('Tab')
    await expect(page.getByRole('dialog')).toBeVisible()
  },
  outline: async (page) => page.keyboard.press('o'),
  'outline-actions': async (page) => {
    await page.keyboard.press('o')
    await expect(page.locator('[role="treeitem"]:focus')).toHaveCount(1)
    await page.keyboard.press('.')
    await expect(page.getByRole('menu')).toBeVisible()
  },
  problems: async (page) => page.getByRole('button', { name: /^Problems/ }).click(),
  'test-data': async (page) => page.getByRole('button', { name: /^Test data/ }).click(),
  panel: (page) => openPanel(page),
  'panel-help': async (page) => {
    await openPanel(page)
    await page.getByRole('tab', { name: 'Help' }).click()
  },
  publish: (page) => press(page, 'Publish'),
  test: (page) => press(page, 'Test'),
  versions: async (page) => page.getByRole('button', { name: 'Version history' }).click(),
  shortcuts: async (page) => page.keyboard.press('?'),
  tour: async (page) => {
    await page.keyboard.press('?')
    await page.getByRole('button', { name: 'Take the tour' }).click()
  },
  find: async (page) => page.keyboard.press('ControlOrMeta+f'),
}

const firstStep = (page: Page) => page.getByTestId('canvas').locator('.mr-node:not([data-shape="trigger"]) .mr-nm').first()

async function openPanel(page: Page) {
  await firstStep(page).dblclick()
  await expect(page.locator('[data-node-panel]')).toBeVisible()
}

async function press(page: Page, name: string) {
  await page.getByRole('button', { name, exact: true }).first().click()
  await expect(page.getByRole('dialog')).toBeVisible()
}

async function zoom(page: Page, steps: number) {
  const button = page.getByRole('button', { name: steps > 0 ? 'Zoom in' : 'Zoom out' })
  for (let step = 0; step < Math.abs(steps); step++) if (await button.isEnabled()) await button.click()
}

/** Every type once, and once more switched off, with a name that is too long. */
export function graphOfAllTypes(): Graph {
  const nodes = (definitions as readonly NodeDefinition[]).flatMap((definition, index) =>
    [false, true].map((off) => ({
      id: `type${off ? 'off' : 'on_'}${String(index).padStart(3, '0')}`,
      key: `type_${index}${off ? '_off' : ''}`,
      title: off ? `${definition.title} with a name that is longer than any card has room for` : definition.title,
      type: definition.type,
      version: definition.version,
      params: off ? {} : (definition.examples?.[0]?.params ?? {}),
      settings: {
        onError: off ? ('port' as const) : ('fail' as const),
        atMostOnce: false,
        disabled: off && definition.kind !== 'note',
        note: '',
      },
      position: { x: (index % 6) * 540 + (off ? 260 : 0), y: Math.floor(index / 6) * 190 },
      ...(definition.kind === 'note' ? { size: { width: 208, height: 84 } } : {}),
    })),
  )
  return { schema: 1, nodes, edges: [] }
}

export async function openState(page: Page, url: string, state: (page: Page) => Promise<void>) {
  await page.goto(url)
  await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  const { canvas } = canvasDriver(page)
  await canvas.locator('.react-flow').focus()
  await state(page)
}
