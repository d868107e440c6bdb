import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { canvasDriver } from '../support/canvas-driver'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { asOwner, giveSession, type Signed } from '../support/owner'

test.describe.configure({ lock: '-exclusive-' })

/**
 * The reference workflow: a webhook, a decision, an HTTP request, an agent with a tool, an answer; mapped, tested, published. Built with
 * pointer and keys as one usually would, with the keyboard alone, and through the outline alone.
 */
let signed: Signed
let url: string
let sink: HttpSink

const order = { method: 'POST', path: '/', query: {}, headers: {}, body: { orderId: 777, total: 250 }, deliveryId: 'test' }

test.beforeAll(async ({ baseURL }) => {
  url = baseURL as string
  signed = await asOwner(url)
  sink = await startHttpSink({
    onRequest: (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ from: request.path, score: 82 }))
    },
  })
})
test.afterAll(() => sink.close())

async function blank(page: Page) {
  await giveSession(page, url, signed.cookie)
  const { id } = await signed.api.workflows.create.mutate({ name: `Reference ${Date.now().toString(36)}` })
  await page.goto(`${url}/o/${signed.slug}/workflows/${id}`)
  await expect(page.getByTestId('canvas')).toHaveAttribute('data-ready', 'true')
  return id
}

/** The flow by titles and ports, however it was built. */
async function flowOf(workflowId: string): Promise<string[]> {
  const { graph } = (await signed.api.workflows.get.query({ workflowId })).draft
  const title = new Map(graph.nodes.map((node) => [node.id, node.title]))
  return graph.edges.map((edge) => `${title.get(edge.from)}.${edge.fromPort} -> ${title.get(edge.to)}`).sort()
}
const flow = [
  'Agent.main -> Respond',
  'HTTP request 2.tool -> Agent',
  'HTTP request.main -> Agent',
  'If.false -> Respond',
  'If.true -> HTTP request',
  'Webhook.main -> If',
]

/** Published, and a real call is answered by it. */
async function expectLive(workflowId: string) {
  const { live, webhooks } = await signed.api.workflows.get.query({ workflowId })
  expect(live?.version).toBe(1)
  const answer = await fetch(webhooks[0]?.url as string, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ orderId: 4711, total: 20 }),
  })
  expect(answer.status).toBe(200)
}

test('the reference workflow is built, mapped, tested and published in at most 60 pointer and key actions', async ({ page }) => {
  const id = await blank(page)
  const canvas = canvasDriver(page)
  const actions: string[] = []
  const act = async (what: string, run: () => Promise<unknown>) => {
    actions.push(what)
    await run()
  }
  const click = (what: string, target: Locator) => act(`click ${what}`, () => target.click())
  const press = (key: string, why: string) => act(`press ${key}: ${why}`, () => page.keyboard.press(key))
  const type = (text: string, what: string) => act(`type ${what}`, () => page.keyboard.insertText(text))
  const add = async (words: string, title: string) => {
    await press('Tab', 'what comes next?')
    await expect(page.getByRole('dialog', { name: 'What comes next?' })).toBeVisible()
    await act(`type “${words}”`, () => page.keyboard.type(words))
    await expect(page.getByRole('option').first()).toContainText(title)
    await press('Enter', `add ${title}`)
    await expect(canvas.card(title)).toBeVisible()
  }
  const field = (panel: Locator, name: string) => panel.getByRole('textbox', { name, exact: true })
  const next = async (title: string) => {
    await press('Alt+ArrowRight', `on to ${title}`)
    const panel = page.getByRole('dialog', { name: title, exact: true })
    await expect(panel).toBeVisible()
    return panel
  }

  await click('“Another system calls”', page.getByRole('button', { name: /^Another system calls/ }))
  await expect(canvas.card('Webhook')).toBeVisible()
  await add('if', 'If')
  await add('http', 'HTTP request')
  await add('agent', 'Agent')
  await add('respond', 'Respond')
  await act('drag HTTP request from the palette onto Agent: its tool', () => canvas.drop('http.request', canvas.card('Agent')))
  await expect(canvas.card('HTTP request 2')).toHaveAttribute('data-shape', 'tool')
  await act('draw from If, false, to Respond', () => canvas.connect('If', 'Respond', 'false'))

  await act('double-click Webhook', () => canvas.open('Webhook'))
  let panel = page.getByRole('dialog', { name: 'Webhook', exact: true })
  await click('Answer', panel.getByRole('combobox', { name: 'Answer' }))
  await click('“From a Respond step”', page.getByRole('option', { name: 'From a Respond step' }))
  panel = await next('If')
  await click('Add condition', panel.getByRole('button', { name: 'Add condition' }))
  await click('its value', panel.getByLabel('Condition 1, value'))
  await type('{{ trigger.body.total }}', 'what is compared: {{ trigger.body.total }}')
  await click('its comparison', panel.getByRole('combobox', { name: 'Condition 1, comparison' }))
  await click('“is greater than”', page.getByRole('option', { name: 'is greater than', exact: true }))
  await click('what it is compared with', panel.getByLabel('Condition 1, compared with'))
  await type('100', '100')
  panel = await next('HTTP request')
  await click('URL', field(panel, 'URL'))
  await type(`${sink.url}/score/{{ trigger.body.orderId }}`, 'the address with {{ trigger.body.orderId }} in it')
  panel = await next('Agent')
  await click('Instructions', panel.getByLabel('Instructions'))
  await type('Look the order up before you answer.', 'the instructions')
  await click('Task', panel.getByLabel('Task'))
  await type('Is order {{ trigger.body.orderId }} with score {{ input.body.score }} a good one?', 'the task with two values in it')
  await click('Close', page.locator('[data-node-panel]').getByRole('button', { name: 'Close', exact: true }))
  await act('double-click HTTP request 2', () => canvas.open('HTTP request 2'))
  panel = page.getByRole('dialog', { name: 'HTTP request 2', exact: true })
  await click('URL', field(panel, 'URL'))
  await type(`${sink.url}/history/{{ $ai('order', 'Number of the order to look up', 'text') }}`, 'the address with what the agent fills in')
  await click('Close', page.locator('[data-node-panel]').getByRole('button', { name: 'Close', exact: true }))

  await click('Test', page.getByRole('button', { name: 'Test', exact: true }).first())
  const asked = page.getByRole('dialog', { name: 'Test the draft' })
  await click('the input', asked.getByRole('textbox', { name: 'Input', exact: true }))
  await press('ControlOrMeta+a', 'all of the example')
  await type(JSON.stringify(order), 'a call of the webhook')
  await click('Run test', asked.getByRole('button', { name: 'Run test' }))
  await expect(page.getByText(/steps tested, all went well/)).toBeVisible({ timeout: 20_000 })
  await click('Publish', page.getByRole('button', { name: 'Publish', exact: true }))
  const publish = page.getByRole('dialog', { name: /^Publish Reference/ })
  await expect(publish.getByLabel('What changed, in a sentence')).toBeFocused()
  await type('Checks each order.', 'what changed')
  await click('Publish', publish.getByRole('button', { name: 'Publish', exact: true }))
  await expect(publish).toHaveCount(0)

  expect(await flowOf(id)).toEqual(flow)
  await expectLive(id)
  expect(actions.length).toBeLessThanOrEqual(60)
  // The document says them one by one.
  const document_ = readFileSync(path.resolve(import.meta.dirname, '../../docs/building-actions.md'), 'utf8')
  const written = [...document_.matchAll(/^\| (\d+) \| ([^|]+?) \|/gm)].map(([, , what]) => what)
  expect(written.slice(0, actions.length)).toEqual(actions)
})

/** Presses a key until what is asked for has the focus, as one does who cannot point. */
async function walkTo(page: Page, target: Locator, key = 'Tab', most = 200) {
  await expect(target).toBeVisible()
  for (let step = 0; step < most; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  await expect(target).toBeFocused()
}

/** Chooses by keyboard in a list that is opened where the focus is. */
async function chooseByKeys(page: Page, box: Locator, option: string) {
  await walkTo(page, box)
  await page.keyboard.press('Enter')
  const wanted = page.getByRole('option', { name: option, exact: true })
  await walkTo(page, wanted, 'ArrowDown')
  await page.keyboard.press('Enter')
}

async function write(page: Page, box: Locator, text: string, key = 'Tab') {
  await walkTo(page, box, key)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
  // The list of suggestions is closed before the field is left.
  if ((await page.getByRole('listbox', { name: 'Suggestions' }).count()) > 0) await page.keyboard.press('Escape')
}

/** Opened from the canvas or the outline, each node is set by Tab, arrow keys and typing. */
async function setNodes(page: Page, open: (title: string) => Promise<void>) {
  const panel = (title: string) => page.getByRole('dialog', { name: title, exact: true })
  const close = async (title: string) => {
    await walkTo(page, panel(title).getByRole('button', { name: 'Close', exact: true }), 'Shift+Tab', 90)
    await page.keyboard.press('Enter')
    await expect(panel(title)).toHaveCount(0)
  }
  await open('Webhook')
  await chooseByKeys(page, panel('Webhook').getByRole('combobox', { name: 'Answer' }), 'From a Respond step')
  await close('Webhook')
  await open('If')
  await walkTo(page, panel('If').getByRole('button', { name: 'Add condition' }))
  await page.keyboard.press('Enter')
  await write(page, panel('If').getByLabel('Condition 1, value'), '{{ trigger.body.total }}', 'Shift+Tab')
  await chooseByKeys(page, panel('If').getByRole('combobox', { name: 'Condition 1, comparison' }), 'is greater than')
  await write(page, panel('If').getByLabel('Condition 1, compared with'), '100')
  await close('If')
  await open('HTTP request')
  await write(
    page,
    panel('HTTP request').getByRole('textbox', { name: 'URL', exact: true }),
    `${sink.url}/score/{{ trigger.body.orderId }}`,
  )
  await close('HTTP request')
  await open('Agent')
  await write(page, panel('Agent').getByLabel('Instructions'), 'Look the order up.')
  await write(page, panel('Agent').getByLabel('Task'), 'Is order {{ trigger.body.orderId }} a good one?')
  await close('Agent')
  await open('HTTP request 2')
  await write(
    page,
    panel('HTTP request 2').getByRole('textbox', { name: 'URL', exact: true }),
    `${sink.url}/history/{{ $ai('order', 'Number of the order', 'text') }}`,
  )
  await close('HTTP request 2')
}

async function testAndPublish(page: Page) {
  await walkTo(page, page.getByRole('button', { name: 'Test', exact: true }).first(), 'Shift+Tab', 90)
  await page.keyboard.press('Enter')
  const asked = page.getByRole('dialog', { name: 'Test the draft' })
  await write(page, asked.getByRole('textbox', { name: 'Input', exact: true }), JSON.stringify(order))
  await walkTo(page, asked.getByRole('button', { name: 'Run test' }))
  await page.keyboard.press('Enter')
  await expect(page.getByText(/steps tested, all went well/)).toBeVisible({ timeout: 20_000 })
  await walkTo(page, page.getByRole('button', { name: 'Publish', exact: true }), 'Shift+Tab', 90)
  await page.keyboard.press('Enter')
  const publish = page.getByRole('dialog', { name: /^Publish Reference/ })
  await write(page, publish.getByLabel('What changed, in a sentence'), 'Checks each order.')
  await walkTo(page, publish.getByRole('button', { name: 'Publish', exact: true }))
  await page.keyboard.press('Enter')
  await expect(publish).toHaveCount(0)
}

/** From the first line of the outline down to one; the focus stands somewhere in it. */
async function toLine(page: Page, line: Locator) {
  await expect(page.locator('[role="treeitem"]:focus')).toHaveCount(1)
  await page.keyboard.press('Home')
  await walkTo(page, line, 'ArrowDown', 12)
}

/** Opens the actions of an outline's line and presses one of them. */
async function fromLine(page: Page, title: string, action: string, then?: string) {
  const line = page.getByRole('treeitem', { name: new RegExp(`^${title}(?! 2)`) })
  await toLine(page, line)
  await page.keyboard.press('.')
  await walkTo(page, page.getByRole('menuitem', { name: action, exact: true }), 'ArrowDown')
  await page.keyboard.press(then === undefined ? 'Enter' : 'ArrowRight')
  if (then === undefined) return
  await walkTo(page, page.getByRole('menuitem', { name: then, exact: true }), 'ArrowDown')
  await page.keyboard.press('Enter')
}

async function choose(page: Page, words: string, title: string) {
  await expect(page.getByRole('combobox').last()).toBeFocused()
  await page.keyboard.type(words)
  await expect(page.getByRole('option').first()).toContainText(title)
  await page.keyboard.press('Enter')
}

test('the reference workflow is built, set, tested and published with the keyboard alone', async ({ page }) => {
  test.setTimeout(300_000)
  const id = await blank(page)
  const canvas = canvasDriver(page)
  await walkTo(page, page.getByRole('button', { name: /^Another system calls/ }), 'Tab', 150)
  await page.keyboard.press('Enter')
  await expect(canvas.card('Webhook')).toBeVisible()
  for (const [words, title] of [
    ['if', 'If'],
    ['http', 'HTTP request'],
    ['agent', 'Agent'],
    ['respond', 'Respond'],
  ] as const) {
    await page.keyboard.press('Tab')
    await choose(page, words, title)
    await expect(canvas.card(title)).toBeVisible()
  }
  // What the pointer draws is in the actions of a line of the outline, one key away.
  await page.keyboard.press('o')
  await fromLine(page, 'If', 'Connect “false” to', 'Respond')
  await fromLine(page, 'Agent', 'Add a tool')
  await choose(page, 'http', 'HTTP request')
  await expect(page.getByRole('treeitem', { name: /^HTTP request 2/ })).toBeFocused()
  await setNodes(page, async (title) => {
    const line = page.getByRole('treeitem', { name: new RegExp(title === 'HTTP request' ? '^HTTP request(?! 2)' : `^${title}`) })
    await toLine(page, line)
    await page.keyboard.press('Enter')
  })
  await testAndPublish(page)
  expect(await flowOf(id)).toEqual(flow)
  await expectLive(id)
})

test('the reference workflow is built, set, tested and published through the outline alone, as a screen reader hears it', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const id = await blank(page)
  await page.getByRole('button', { name: 'Outline' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add a node' }).focus()
  await page.keyboard.press('Enter')
  await choose(page, 'webhook', 'Webhook')
  await expect(page.getByRole('tree', { name: 'Outline of the workflow' })).toBeVisible()
  await expect(page.getByRole('treeitem', { name: /^Webhook/, level: 1, selected: true })).toBeFocused()
  await page.keyboard.press('a')
  await choose(page, 'if', 'If')
  await expect(page.getByRole('treeitem', { name: /^If/ })).toBeFocused()
  await fromLine(page, 'If', 'Add after “true”')
  await choose(page, 'http', 'HTTP request')
  await expect(page.getByRole('treeitem', { name: /^HTTP request/ })).toBeFocused()
  await page.keyboard.press('a')
  await choose(page, 'agent', 'Agent')
  await expect(page.getByRole('treeitem', { name: /^Agent/ })).toBeFocused()
  await page.keyboard.press('a')
  await choose(page, 'respond', 'Respond')
  await expect(page.getByRole('treeitem', { name: /^Respond/ })).toBeFocused()
  await fromLine(page, 'Agent', 'Add a tool')
  await choose(page, 'http', 'HTTP request')
  await expect(page.getByRole('treeitem', { name: /^HTTP request 2/ })).toBeFocused()
  await fromLine(page, 'If', 'Connect “false” to', 'Respond')
  // The wrong way, and back: a connection is removed and made again.
  await fromLine(page, 'If', 'Remove the connection to Respond')
  await expect(page.getByRole('treeitem', { name: /^If/ })).toBeFocused()
  await fromLine(page, 'If', 'Connect “false” to', 'Respond')
  await setNodes(page, async (title) => {
    const line = page.getByRole('treeitem', { name: new RegExp(title === 'HTTP request' ? '^HTTP request(?! 2)' : `^${title}`) })
    await toLine(page, line)
    await page.keyboard.press('Enter')
  })
  await testAndPublish(page)
  expect(await flowOf(id)).toEqual(flow)
  await expectLive(id)
})
