import { type Browser, expect, type Page, test } from '@playwright/test'
import { canvasDriver } from '../support/canvas-driver'
import { faultsForAssistiveTechnology } from '../support/faults-for-assistive-technology'
import { asOwner, giveSession, type Signed } from '../support/owner'
import { graphOf, idOf } from '../support/plan-of'

/** Every state of the editor, for everyone: by axe in light and dark, without motion, at 200 %, from right to left. */
let signed: Signed
let url: string

test.beforeAll(async ({ baseURL }) => {
  url = baseURL as string
  signed = await asOwner(url)
})

const graph = graphOf('hook -> decide -> call -> agent -> answer; decide.false -> answer; tool => agent', {
  hook: { type: 'trigger.webhook', title: 'Order came in', params: { respond: 'node' } },
  decide: { type: 'flow.if', title: 'Large?' },
  call: { type: 'http.request', title: 'Look up', params: { url: 'https://example.com/{{ trigger.body.id }}' } },
  agent: { type: 'ai.agent', title: 'Judge', params: { instructions: 'Be brief.', task: 'Is {{ input.body }} good?' } },
  answer: { type: 'http.respond', title: 'Answer' },
  tool: { type: 'http.request', title: 'History' },
  remark: { type: 'note.sticky', title: 'Remark', params: { text: '**Credit limit**\n\nAsk Tom.', colour: 'moss' } },
})

async function openEditor(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}, given: object = graph): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  await giveSession(page, url, signed.cookie)
  const { id } = await signed.api.workflows.create.mutate({
    name: `For everyone ${Date.now().toString(36)} ${Math.random().toString(36).slice(2, 6)}`,
    graph: given as never,
  })
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}`)
  await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  return page
}

const both = ['light', 'dark'] as const

/** Asks axe about one state after the other. */
function checking(page: Page) {
  const check = async (state: string, within?: string) =>
    expect.soft(await faultsForAssistiveTechnology(page, { within, schemes: both }), state).toEqual([])
  const dialog = async (state: string, name: RegExp | string, openIt: () => Promise<unknown>) => {
    await openIt()
    await expect(page.getByRole('dialog', { name })).toBeVisible()
    await check(state)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog', { name })).toHaveCount(0)
  }
  return { check, dialog }
}

test('no state of the canvas, of what stands below it and of its dialogs has a fault for assistive technology, light and dark', async ({
  browser,
}) => {
  test.setTimeout(400_000)
  const page = await openEditor(browser)
  const canvas = canvasDriver(page)
  const { check, dialog } = checking(page)
  const menu = async (item: string) => {
    await page.getByRole('button', { name: /^For everyone/ }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await check('graph')
  await canvas.card('Large?').locator('.mr-nm').click()
  await check('node chosen')
  await page.getByRole('button', { name: 'More actions' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  await check('more actions')
  await page.keyboard.press('Escape')
  await canvas.card('Large?').locator('.mr-nm').click()
  await page.keyboard.press('F2')
  await check('renaming')
  await page.keyboard.press('Escape')
  await canvas
    .card('Look up')
    .locator('.mr-nm')
    .click({ modifiers: ['Shift'] })
  await check('several chosen')
  await page.keyboard.press('Escape')
  await canvas.canvas.getByText('Credit limit').click()
  await check('note chosen')
  await page.keyboard.press('Escape')
  await canvas.card('Judge').locator('.mr-nm').click()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('dialog', { name: 'What comes next?' })).toBeVisible()
  await check('search for a node')
  await page.keyboard.press('Escape')
  for (const tab of ['Test data', 'Problems', 'Outline']) {
    await page
      .getByRole('button', { name: new RegExp(`^${tab}`) })
      .first()
      .click()
    await check(`below the canvas: ${tab}`)
  }
  await page.getByRole('treeitem', { name: /^Judge/ }).focus()
  await page.keyboard.press('.')
  await expect(page.getByRole('menu')).toBeVisible()
  await check('actions of a line in the outline')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^For everyone/ }).click()
  await check('menu of the workflow')
  await page.keyboard.press('Escape')
  await dialog('publish', /^(Publish|Not published)/, () => page.getByRole('button', { name: 'Publish', exact: true }).click())
  await dialog('versions', /./, () => page.getByRole('button', { name: 'Version history' }).click())
  await dialog('test the draft', 'Test the draft', () => page.getByRole('button', { name: 'Test', exact: true }).first().click())
  await dialog('settings', /./, () => menu('Settings'))
  await dialog('rename', 'Rename workflow', () => menu('Rename'))
  await canvas.canvas.locator('.react-flow').focus()
  await dialog('find', /./, () => page.keyboard.press('ControlOrMeta+f'))
  await canvas.canvas.locator('.react-flow').focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toBeVisible()
  await check('shortcuts')
  await page.getByRole('button', { name: 'Take the tour' }).click()
  await expect(page.getByRole('region', { name: 'A workflow in two minutes' })).toBeVisible()
  await check('tour')
  await page.context().setOffline(true)
  await expect(page.getByText('Offline, reconnecting.')).toBeVisible()
  await check('offline')
  await page.context().close()
})

test('no state of a node’s panel, in full or docked, has a fault for assistive technology, light and dark', async ({ browser }) => {
  test.setTimeout(400_000)
  const page = await openEditor(browser)
  const canvas = canvasDriver(page)
  const { check } = checking(page)
  for (const title of ['Order came in', 'Large?', 'Look up', 'Judge', 'Answer', 'History']) {
    const panel = await canvas.open(title)
    for (const [index, tab] of (await panel.getByRole('tablist').first().getByRole('tab').all()).entries()) {
      await tab.click()
      const state = `panel of ${title}: ${await tab.textContent()}`
      // Behind the first tab of each node its own fields stand; the others have the same parts at every node.
      if (index === 0) await check(state)
      else {
        const schemes = title === 'Judge' ? both : (['light'] as const)
        expect.soft(await faultsForAssistiveTechnology(page, { within: '[data-node-panel]', schemes }), state).toEqual([])
      }
    }
    await canvas.close()
  }
  const panel = await canvas.open('Look up')
  await panel.getByRole('combobox', { name: 'Method' }).click()
  await expect(page.getByRole('listbox')).toBeVisible()
  await check('list of a field', '[role="listbox"]')
  await page.keyboard.press('Escape')
  await panel.getByRole('textbox', { name: 'URL', exact: true }).click()
  await page.keyboard.press('End')
  await page.keyboard.type('{{ ')
  await expect(page.getByRole('listbox', { name: 'Suggestions' })).toBeVisible()
  await check('suggestions of a field', '[data-node-panel]')
  await page.keyboard.press('Escape')
  await panel.getByRole('button', { name: 'Dock below the canvas' }).click()
  await expect(page.locator('[data-docked]')).toBeVisible()
  await check('panel docked below the canvas')
  await page.locator('[data-docked]').getByRole('button', { name: 'More tests' }).click()
  await check('menu within the docked panel')
  await page.context().close()
})

test('no container, group, breakpoint or problem on the canvas has a fault for assistive technology, light and dark', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const set = (title: string, more: object = {}) => ({
    type: 'data.set',
    title,
    params: { fields: [{ name: 'a', value: '1' }] },
    ...more,
  })
  const nested = graphOf('begin -> loop -> stop -> after; begin -> shut', {
    begin: { type: 'trigger.manual', title: 'Begin' },
    loop: { type: 'flow.for_each', title: 'Each line', params: { items: '{{ [1, 2] }}' } },
    within: set('Within', { parent: 'loop' }),
    stop: set('Stopped at'),
    after: set('After'),
    shut: { type: 'flow.repeat', title: 'Again' },
    inner: set('Inner', { parent: 'shut' }),
    group: { type: 'note.group', title: 'Group' },
    wrong: { type: 'http.request', title: 'Wrong' },
  })
  const places: Record<string, { x: number; y: number }> = {
    'Each line': { x: 260, y: 0 },
    Within: { x: 284, y: 64 },
    'Stopped at': { x: 600, y: 0 },
    After: { x: 860, y: 0 },
    Again: { x: 0, y: 240 },
    Inner: { x: 24, y: 304 },
    Group: { x: 280, y: 240 },
    Wrong: { x: 600, y: 240 },
  }
  const given = {
    ...nested,
    nodes: nested.nodes.map((node) => ({
      ...node,
      position: places[node.title] ?? { x: 0, y: 0 },
      ...(node.title === 'Again' ? { collapsed: true } : {}),
      ...(node.title === 'Group' ? { size: { width: 260, height: 160 } } : {}),
    })),
  }
  const page = await openEditor(browser, {}, given)
  const canvas = canvasDriver(page)
  const { check } = checking(page)
  await check('containers and a group')
  await canvas.canvas.locator('.mr-frame', { hasText: 'Each line' }).locator('.mr-nm').first().click()
  await check('container chosen')
  await page.keyboard.press('Delete')
  await expect(page.getByRole('dialog', { name: /^Remove “Each line”/ })).toBeVisible()
  await check('what becomes of its steps')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Problems/ }).click()
  await check('problems')
  await page.getByRole('button', { name: /^Outline/ }).click()
  await expect(page.getByRole('treeitem', { name: /^Within/ })).toBeVisible()
  await check('outline of containers')
  await canvas.card('Stopped at').locator('.mr-nm').click()
  await page.keyboard.press('b')
  await expect(canvas.card('Stopped at').locator('[data-flag="breakpoint"]')).toBeVisible()
  await page.getByRole('toolbar', { name: 'Actions for Stopped at' }).getByRole('button', { name: 'Up to here' }).click()
  const bar = page.getByRole('region', { name: 'Test that stands still' })
  await expect(bar).toBeVisible({ timeout: 20_000 })
  await check('test that stands still')
  await bar.getByRole('button', { name: 'Change a value' }).click()
  await expect(page.getByRole('dialog', { name: 'Change a value' })).toBeVisible()
  await check('a value is changed')
  await page.context().close()
})

test('no state of a run has a fault for assistive technology, light and dark', async ({ browser }) => {
  test.setTimeout(300_000)
  const run = graphOf('begin -> loop -> agent -> broken', {
    begin: { type: 'trigger.manual', title: 'Begin' },
    loop: { type: 'flow.for_each', title: 'Each line', params: { items: '{{ [1, 2, 3] }}' } },
    within: { type: 'data.set', title: 'Within', parent: 'loop', params: { fields: [{ name: 'a', value: '{{ input }}' }] } },
    agent: { type: 'ai.agent', title: 'Judge', params: { instructions: 'Be brief.', task: 'Is it good?' } },
    broken: { type: 'code.javascript', title: 'Broken', params: { source: 'throw new Error("sold out")' } },
  })
  const { id } = await signed.api.workflows.create.mutate({ name: `For everyone ${Date.now().toString(36)}`, graph: run as never })
  await signed.api.workflows.publish.mutate({ workflowId: id, note: '' })
  const { runId } = await signed.api.runs.start.mutate({ workflowId: id, waitSeconds: 20 })
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await giveSession(page, url, signed.cookie)
  await page.goto(`${url}/o/${signed.slug}/runs/${runId}`)
  const { check } = checking(page)
  await expect(page.getByTestId('run')).toHaveAttribute('data-status', 'failed', { timeout: 30_000 })
  await check('run that failed')
  await page.locator(`[data-step="${idOf('loop')}"]`).click()
  await expect(page.getByRole('grid', { name: 'Iterations' })).toBeVisible()
  await check('grid of iterations')
  await page
    .locator(`[data-step="${idOf('agent')}"]`)
    .first()
    .click()
  await expect(page.getByTestId('transcript')).toBeVisible()
  await check('transcript')
  await page.locator(`[data-step="${idOf('broken')}"]`).click()
  await check('step that failed')
  await page.context().close()
})

test('a blank workflow, one that loads and one that cannot be loaded have no fault for assistive technology, light and dark', async ({
  browser,
}) => {
  const page = await openEditor(browser, {}, { schema: 1, nodes: [], edges: [] })
  const { check } = checking(page)
  await check('blank')
  await page.getByRole('button', { name: /^Outline/ }).click()
  await check('outline of nothing')
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/api/trpc/**workflows.get**', async (route) => {
    await held
    await route.fulfill({ status: 503, contentType: 'application/json', body: '{}' })
  })
  await page.reload({ waitUntil: 'commit' })
  await expect(page.locator('[aria-busy]').first()).toBeVisible()
  await check('loading')
  release()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible({ timeout: 30_000 })
  await check('error')
  await page.unrouteAll()
  await page.goto(page.url().replace(/wf_[0-9a-f]+$/, `wf_${'0'.repeat(32)}`))
  await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
  await check('a workflow that is not there')
  await page.context().close()
})

test('whoever wants no motion sees none', async ({ browser }) => {
  const page = await openEditor(browser, { reducedMotion: 'reduce' })
  const canvas = canvasDriver(page)
  await canvas.card('Large?').locator('.mr-nm').click()
  await page.getByRole('button', { name: /^Outline/ }).click()
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((one) => Number(one.effect?.getComputedTiming().duration ?? 0) > 1 && one.playState === 'running')
      .map((one) => (one.effect as KeyframeEffect).target?.className.toString() ?? ''),
  )
  expect(moving).toEqual([])
  await page.context().close()
})

test('at 200 % everything is still there and in reach', async ({ browser }) => {
  // A browser that zooms to 200 % lays out half as many pixels.
  const page = await openEditor(browser, { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 })
  const canvas = canvasDriver(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  for (const name of ['Test', 'Publish']) await page.getByRole('button', { name, exact: true }).first().scrollIntoViewIfNeeded()
  await page.keyboard.press('1')
  const panel = await canvas.open('Look up')
  await expect(panel.getByRole('textbox', { name: 'URL', exact: true })).toBeInViewport()
  await panel.getByRole('radio', { name: 'Input' }).click()
  await expect(panel.getByRole('region', { name: 'Input' })).toBeInViewport()
  await canvas.close()
  await page.getByRole('button', { name: /^Outline/ }).click()
  await page.getByRole('treeitem', { name: /^Judge/ }).scrollIntoViewIfNeeded()
  await expect(page.getByRole('treeitem', { name: /^Judge/ })).toBeInViewport()
  await page.context().close()
})

test('written from right to left nothing breaks: bars mirror, the canvas keeps its coordinates', async ({ browser }) => {
  const page = await openEditor(browser)
  const canvas = canvasDriver(page)
  const place = () => canvas.card('Judge').boundingBox()
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  const [first, last] = [await canvas.card('Order came in').boundingBox(), await place()]
  expect(first?.x).toBeLessThan(last?.x ?? 0)
  const publish = await page.getByRole('button', { name: 'Publish', exact: true }).boundingBox()
  expect(publish?.x).toBeLessThan(720)
  const panel = await canvas.open('Look up')
  const [input, output] = [panel.getByRole('region', { name: 'Input' }), panel.getByRole('region', { name: 'Output' })]
  expect((await input.boundingBox())?.x).toBeGreaterThan((await output.boundingBox())?.x ?? 9999)
  await panel.getByRole('textbox', { name: 'URL', exact: true }).fill('https://example.com/{{ trigger.body.id }}/x')
  await expect(panel.getByRole('textbox', { name: 'URL', exact: true })).toHaveValue('https://example.com/{{ trigger.body.id }}/x')
  await canvas.close()
  expect(await faultsForAssistiveTechnology(page, { schemes: both })).toEqual([])
  await page.context().close()
})

test('the first-run tour builds a real workflow in two minutes: ten actions, by keyboard too, lead to one that is published and runs; it stays away then and comes back from the help', async ({
  browser,
}) => {
  const page = await openEditor(browser, {}, { schema: 1, nodes: [], edges: [] })
  const canvas = canvasDriver(page)
  const tour = page.getByRole('region', { name: 'A workflow in two minutes' })
  const actions: string[] = []
  const sentences = new Set<string>()
  /** One press of a key or a button of the mouse, or one text typed; what the tour says is read before it. */
  const act = async (what: string, run: () => Promise<unknown>) => {
    for (const text of await tour.locator('li p').allTextContents()) sentences.add(text)
    actions.push(what)
    await run()
  }
  const step = (name: string) =>
    act(`click ${name}`, async () => {
      // What is to be done now is said, and one button does it.
      await expect(tour.locator('[aria-current="step"]').getByRole('button')).toHaveText([name])
      await tour.getByRole('button', { name }).click()
    })
  const id = page.url().split('/').at(-1) as string
  await act('click the offer', () => page.getByRole('button', { name: 'Build a real workflow in two minutes' }).click())
  await expect(tour).toBeFocused()
  await act('press Tab', () => page.keyboard.press('Tab'))
  await expect(tour.getByRole('button', { name: 'Add a start by hand' })).toBeFocused()
  await act('press Enter', () => page.keyboard.press('Enter'))
  await expect(canvas.card('By hand')).toBeVisible()
  // In the open, not in the corner that a canvas begins at.
  const [ground, first] = [await canvas.canvas.boundingBox(), await canvas.card('By hand').boundingBox()]
  expect((first?.x ?? 0) - (ground?.x ?? 0)).toBeGreaterThan(40)
  expect((first?.y ?? 0) - (ground?.y ?? 0)).toBeGreaterThan(100)
  await step('Add a step that sets fields')
  await expect(canvas.canvas.locator('.react-flow__edge')).toHaveCount(1)
  await step('Write a greeting with the name')
  await step('Test the draft')
  await expect(canvas.card('Set fields')).toHaveAttribute('data-status', 'succeeded', { timeout: 20_000 })
  await step('Publish…')
  const publish = page.getByRole('dialog', { name: /^Publish/ })
  await act('type what changed', () => publish.getByLabel('What changed, in a sentence').fill('My first workflow'))
  await act('click Publish', () => publish.getByRole('button', { name: 'Publish', exact: true }).click())
  await expect(tour).toContainText('That is a whole workflow, and it runs.')
  // Two minutes are twelve seconds for each of ten actions, with all there is to read.
  expect(actions.length).toBeLessThanOrEqual(10)
  expect([...sentences].flatMap((text) => text.split(/(?<=[.!?])\s/)).length).toBeLessThanOrEqual(15)
  const { live } = await signed.api.workflows.get.query({ workflowId: id })
  expect(live?.version).toBe(1)
  const run = await signed.api.runs.start.mutate({ workflowId: id, input: { name: 'Grace' }, waitSeconds: 20 })
  expect(run).toMatchObject({ status: 'succeeded', output: { greeting: 'Hello Grace, thank you for your order.' } })
  await tour.getByRole('button', { name: 'Close' }).click()
  await expect(tour).toHaveCount(0)
  const next = await signed.api.workflows.create.mutate({ name: `After the tour ${Date.now().toString(36)}` })
  await page.goto(`${url}/o/${signed.slug}/workflows/${next.id}`)
  await expect(page.getByRole('button', { name: /^Another system calls/ })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Build a real workflow in two minutes' })).toHaveCount(0)
  await page.getByTestId('canvas').locator('.react-flow').focus()
  await page.keyboard.press('?')
  await page.getByRole('button', { name: 'Take the tour' }).click()
  await expect(tour).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(tour).toHaveCount(0)
  await page.context().close()
})
