import { expect, type Locator, type Page, test } from '@playwright/test'
import { canvasDriver } from '../support/canvas-driver'
import { faultsForAssistiveTechnology } from '../support/faults-for-assistive-technology'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { asOwner, giveSession, type Signed } from '../support/owner'
import { graphOf, idOf } from '../support/plan-of'
import { startScriptedModelServer } from '../support/scripted-model-server'

/** The node panel and tests while one builds, on the built product. */
let signed: Signed
let page: Page
let canvas: ReturnType<typeof canvasDriver>
let sink: HttpSink
let url: string
let errors: string[]

const order = {
  method: 'POST',
  path: '/',
  query: {},
  headers: {},
  body: {
    orderId: 20418,
    customer: { name: 'Harbour Fittings' },
    lines: [
      { sku: 'OAK-1180', quantity: 4 },
      { sku: 'PIN-2040', quantity: 129 },
    ],
  },
  deliveryId: 'test',
}
const set = (name: string, value: string) => ({ type: 'data.set', params: { fields: [{ name, value }] } })

test.beforeAll(async ({ browser, baseURL }) => {
  url = baseURL as string
  signed = await asOwner(url)
  sink = await startHttpSink({
    onRequest: (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ from: request.path, score: 82 }))
    },
  })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
  canvas = canvasDriver(page)
  await giveSession(page, url, signed.cookie)
})
test.beforeEach(() => {
  errors = []
  page.removeAllListeners('console').removeAllListeners('pageerror')
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
})
test.afterEach(() => expect(errors).toEqual([]))
test.afterAll(async () => {
  await page.context().close()
  await sink.close()
})

/** Opens a workflow made of this drawing, with the webhook's data there already. */
async function build(drawing: string, sketches: Parameters<typeof graphOf>[1], pins: Record<string, unknown> = { hook: order }) {
  const graph = graphOf(drawing, sketches)
  const { id } = await signed.api.workflows.create.mutate({
    name: `Panel ${Date.now().toString(36)} ${Math.random().toString(36).slice(2, 6)}`,
    graph,
  })
  for (const [key, output] of Object.entries(pins))
    await signed.api.drafts.pin.mutate({ workflowId: id, nodeId: idOf(key), output: output as never })
  await page.goto(`/o/${signed.slug}/workflows/${id}`)
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  return id
}

const row = (panel: Locator, path: string) => panel.locator(`[data-path="${path}"]`)
const field = (panel: Locator, name: string) => panel.getByRole('textbox', { name, exact: true })
const hook = { type: 'trigger.webhook', title: 'Order came in' }

test('the keys of the panel are heard after a test of its step, and after Escape in a field', async () => {
  await build('hook -> fields -> more', { hook, fields: { ...set('a', '1'), title: 'Prepare' }, more: { ...set('b', '2'), title: 'Add' } })
  const panel = await canvas.open('Prepare')
  await panel.getByRole('button', { name: 'Test step' }).click()
  await expect(panel.getByText('Succeeded')).toBeVisible()
  await page.keyboard.press('Alt+ArrowRight')
  const next = page.getByRole('dialog', { name: 'Add', exact: true })
  await expect(next).toBeVisible()
  await field(next, 'Fields, value of b').click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowLeft')
  await expect(panel).toBeVisible()
  await canvas.close()
})

test('JSON that is not finished is still there when its step is opened again', async () => {
  await build('hook -> fields', { hook, fields: { type: 'data.set', params: { mode: 'json', json: { a: 1 } }, title: 'Prepare' } })
  let panel = await canvas.open('Prepare')
  await canvas.write(panel, 'JSON', '{ "a": 1, "b": ')
  await expect(panel.getByText('This is not JSON yet, so it is not saved.')).toBeVisible()
  await canvas.close()
  panel = await canvas.open('Prepare')
  const json = panel.getByRole('textbox', { name: 'JSON', exact: true })
  await expect(json).toContainText('"b":')
  await expect(panel.getByText('This is not JSON yet, so it is not saved.')).toBeVisible()
  await canvas.write(panel, 'JSON', '{ "a": 2 }')
  await canvas.saved()
  await canvas.close()
  panel = await canvas.open('Prepare')
  await expect(json).toContainText('"a": 2')
  await canvas.close()
})

test('a leaf dragged from the tree into a field becomes a pill, with its value below', async () => {
  await build('hook -> fields', { hook, fields: { ...set('greeting', 'Order  for you'), title: 'Prepare' } })
  const panel = await canvas.open('Prepare')
  const value = field(panel, 'Fields, value of greeting')
  await row(panel, 'input.body.orderId').dragTo(value, { targetPosition: { x: 52, y: 16 } })
  await expect(value).toHaveValue('Order {{ input.body.orderId }} for you')
  await expect(panel.locator('.pill')).toHaveText('input.body.orderId')
  await expect(panel.locator('[data-live-value]')).toHaveText('Order 20418 for you')
  await value.click()
  await page.keyboard.press('End')
  await row(panel, 'input.body.customer.name').click()
  await expect(value).toHaveValue('Order {{ input.body.orderId }} for you{{ input.body.customer.name }}')
  await row(panel, 'input.body.customer.name').press('c')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('{{ input.body.customer.name }}')
  await row(panel, 'input.body.orderId').hover()
  await panel.getByRole('button', { name: 'Copy input.body.orderId' }).click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('{{ input.body.orderId }}')
  // It goes with the pointer, and the row in hand keeps its own.
  await value.hover()
  await expect(panel.getByRole('button', { name: /^Copy input/ })).toHaveCount(1)
  await canvas.close()
})

test('a field switches between a fixed value and an expression and loses neither', async () => {
  await build('hook -> wait', { hook, wait: { type: 'flow.wait', title: 'Wait', params: { mode: 'for', durationMs: 7_200_000 } } })
  const panel = await canvas.open('Wait')
  const place = panel.locator('[data-param="durationMs"]')
  await expect(place.getByRole('textbox')).toHaveValue('2')
  await place.getByRole('textbox').fill('26.5')
  await expect(place.locator('[data-duration-words]')).toHaveText('1 day 2 hours')
  await place.getByRole('textbox').fill('1h 30m')
  await expect(place.locator('[data-duration-words]')).toHaveText('1 hour 30 min')
  await place.getByRole('textbox').fill('2')
  await place.getByRole('radio', { name: 'Expression' }).click()
  await place.getByRole('textbox').fill('{{ input.body.lines.length * 1000 }}')
  await expect(place.locator('[data-live-value]')).toHaveText('2000')
  await place.getByRole('radio', { name: 'Fixed' }).click()
  await expect(place.getByRole('textbox')).toHaveValue('2')
  await place.getByRole('radio', { name: 'Expression' }).click()
  await expect(place.getByRole('textbox')).toHaveValue('{{ input.body.lines.length * 1000 }}')
  await canvas.close()
})

test('a test that waits for somebody says so at that step alone, also after a reload, and goes on with the answer', async () => {
  await build('hook -> ask; ask.approved -> pay -> tell', {
    hook,
    ask: { type: 'people.approval', title: 'Approve it', params: { title: 'Pay order 20418?' } },
    pay: { ...set('paid', 'yes'), title: 'Pay it' },
    tell: { ...set('told', 'yes'), title: 'Tell them' },
  })
  const status = (title: string) => canvas.card(title).getAttribute('data-status')
  // Before its data is there, a test asks for it.
  await expect(page.getByText('Typed by hand')).toBeVisible()
  await page.getByRole('button', { name: 'Test', exact: true }).first().click()
  await page.getByRole('dialog', { name: 'This would really happen' }).getByRole('button', { name: 'Run test' }).click()
  await expect(canvas.card('Approve it')).toHaveAttribute('data-status', 'waiting')
  await expect(page.getByText('The test waits at Approve it.')).toBeVisible()
  expect([await status('Pay it'), await status('Tell them')]).toEqual([null, null])
  await page.reload()
  await expect(canvas.card('Approve it')).toHaveAttribute('data-status', 'waiting')
  await expect(canvas.card('Approve it')).toContainText(/\d\d:\d\d to \d+ [A-Z]/)
  const asked = await canvas.open('Approve it')
  await expect(asked.getByTestId('step-waits')).toContainText(/Waits for a person since \d\d:\d\d, at the latest until .*\d\d:\d\d/)
  await page.keyboard.press('Escape')
  const { items } = await signed.api.tasks.list.query({ state: 'open' })
  await signed.api.tasks.decide.mutate({ taskId: items.find((one) => one.title === 'Pay order 20418?')?.id ?? '', decision: 'approved' })
  await expect(canvas.card('Approve it')).not.toHaveAttribute('data-status', 'waiting')
  const panel = await canvas.open('Tell them')
  await expect(panel.getByTestId('node-output')).toContainText('told')
  await canvas.close()
})

test('a step that failed in the last test stays marked after a reload, until it or something before it is changed', async () => {
  await build('hook -> fields -> work -> after', {
    hook,
    fields: { ...set('total', '12'), title: 'Prepare' },
    work: { type: 'flow.stop', title: 'Stop here', params: { message: 'No customer' } },
    after: { ...set('done', 'yes'), title: 'After' },
  })
  await canvas.card('Stop here').locator('.mr-nm').click()
  await page.getByRole('button', { name: 'Up to here' }).click()
  await expect(canvas.card('Stop here')).toHaveAttribute('data-status', 'failed')
  await page.reload()
  await expect(canvas.card('Stop here')).toHaveAttribute('data-status', 'failed')
  await expect(canvas.card('Prepare')).not.toHaveAttribute('data-status')
  const panel = await canvas.open('Stop here')
  await expect(panel.getByRole('alert')).toContainText('No customer')
  await canvas.close()
  // Something that has nothing to do with it.
  await canvas.card('After').locator('.mr-nm').click()
  await page.keyboard.press('d')
  await canvas.saved()
  await expect(canvas.card('Stop here')).toHaveAttribute('data-status', 'failed')
  await canvas.card('Prepare').locator('.mr-nm').click()
  await page.keyboard.press('d')
  await canvas.saved()
  await expect(canvas.card('Stop here')).not.toHaveAttribute('data-status')
  await expect(canvas.card('Stop here').locator('[data-flag="stale"]')).toBeVisible()
})

test('a date takes a day, a time and a zone, by keyboard alone too; it is kept and told as chosen, and another zone is another moment', async () => {
  const id = await build('hook -> wait', { hook, wait: { type: 'flow.wait', title: 'Wait', params: { mode: 'until' } } })
  const kept = async () => {
    const { draft } = await signed.api.workflows.get.query({ workflowId: id })
    return draft.graph.nodes.find((node) => node.id === idOf('wait'))?.params.until
  }
  const panel = await canvas.open('Wait')
  const place = panel.locator('[data-param="until"]')
  const moment = place.getByLabel('Until', { exact: true })
  const zone = place.getByRole('combobox', { name: 'Until, time zone' })
  const words = place.locator('[data-date-words]')
  const home = (await zone.textContent()) ?? ''
  expect(home).not.toBe('')
  // By keyboard alone: the parts of the date are typed one after the other, then the zone by its first letters.
  await moment.focus()
  await page.keyboard.type('06012031')
  await page.keyboard.press('Tab')
  await page.keyboard.type('0230PM')
  await expect(words).toHaveText(/^Sunday 1 June 2031, 14:30/)
  await expect.poll(async () => new Date(String(await kept())).getFullYear()).toBe(2031)
  await zone.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listbox')).toBeVisible()
  await page.keyboard.type('asia/tok')
  await expect(page.getByRole('option', { name: 'Asia/Tokyo' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(zone).toHaveText('Asia/Tokyo')
  await expect.poll(kept).toBe('2031-06-01T14:30:00+09:00[Asia/Tokyo]')
  await expect(words).toHaveText(new RegExp(`^Sunday 1 June 2031, 14:30 · that is Sunday 1 June 2031, 0?[0-9]+:30 in ${home}$`))
  // By pointer: another zone leaves the clock and moves the moment.
  await canvas.choose(place, 'Until, time zone', 'America/Los Angeles')
  await expect(moment).toHaveValue('2031-06-01T14:30')
  await expect.poll(kept).toBe('2031-06-01T14:30:00-07:00[America/Los_Angeles]')
  await moment.fill('2031-12-31T20:15')
  await expect.poll(kept).toBe('2031-12-31T20:15:00-08:00[America/Los_Angeles]')
  await expect(words).toHaveText(/^Wednesday 31 December 2031, 20:15 · that is Thursday 1 January 2032, \d\d:15 in /)
  await canvas.close()
  // Opened again it is what was chosen: the same clock, in the zone whose name is kept with it.
  await page.reload()
  await canvas.open('Wait')
  await expect(moment).toHaveValue('2031-12-31T20:15')
  await expect(zone).toHaveText('America/Los Angeles')
  await expect(words).toHaveText(/^Wednesday 31 December 2031, 20:15 · that is Thursday 1 January 2032, \d\d:15 in /)
  await canvas.close()
})

test('money is typed as an amount in the organization’s currency', async () => {
  const id = await build('hook -> agent', { hook, agent: { type: 'ai.agent', title: 'Agent' } })
  const panel = await canvas.open('Agent')
  const money = panel.getByLabel('Money at most', { exact: true })
  await money.fill('1,25')
  await canvas.close()
  await canvas.saved()
  const { draft } = await signed.api.workflows.get.query({ workflowId: id })
  expect(draft.graph.nodes.find((node) => node.id === idOf('agent'))?.params.maxCostMicros).toBe(1_250_000)
})

test('a number that is typed into a field is kept as one, and quotes or a choice make it a text', async () => {
  const fields = [
    { name: 'old', value: '42' },
    { name: 'new', value: '' },
  ]
  const id = await build('hook -> fields', { hook, fields: { type: 'data.set', title: 'Prepare', params: { fields, keep: 'only-set' } } })
  const panel = await canvas.open('Prepare')
  await expect(field(panel, 'Fields, value of old')).toHaveValue('"42"')
  await field(panel, 'Fields, value of new').fill('129')
  await canvas.saved()
  const stored = async () => {
    const { draft } = await signed.api.workflows.get.query({ workflowId: id })
    const rows = draft.graph.nodes.find((node) => node.id === idOf('fields'))?.params.fields as { value: unknown }[]
    return rows.map((one) => one.value)
  }
  await expect.poll(stored).toEqual(['42', 129])
  await panel.getByRole('button', { name: 'Keep it as a text' }).click()
  await expect.poll(stored).toEqual(['42', '129'])
  await expect(field(panel, 'Fields, value of new')).toHaveValue('"129"')
  await panel.getByRole('button', { name: 'Keep it as a number' }).first().click()
  await expect.poll(stored).toEqual([42, '129'])
  await canvas.close()
})

test('each field shows its value for the chosen item, live', async () => {
  await build('hook -> filter', {
    hook,
    filter: {
      type: 'data.filter',
      title: 'Large lines',
      params: { list: '{{ input.body.lines }}', conditions: [{ left: '{{ item.quantity }}', operator: 'greater', right: '100' }] },
    },
  })
  const panel = await canvas.open('Large lines')
  const items = panel.getByRole('group', { name: 'Item that is shown' })
  await expect(items).toContainText('item 1 of 2')
  const condition = panel.locator('[data-param="conditions"]')
  await expect(condition.locator('[data-live-value]').first()).toHaveText('4')
  await expect(condition.locator('[data-verdict="no"]')).toContainText('4 is greater than 100')
  await items.getByRole('button', { name: 'Item after' }).click()
  await expect(condition.locator('[data-live-value]').first()).toHaveText('129')
  await expect(condition.locator('[data-verdict="yes"]')).toContainText('129 is greater than 100')
  await canvas.close()
})

test('data is looked at as a tree, a table, JSON and a schema, and searched', async () => {
  await build('hook -> fields', { hook, fields: { ...set('a', '1'), title: 'Prepare' } })
  const panel = await canvas.open('Prepare')
  const input = panel.getByRole('region', { name: 'Input' })
  await input.getByRole('searchbox', { name: 'Search the data' }).fill('pin-2040')
  await expect(row(input, 'input.body.lines[1].sku')).toBeVisible()
  await expect(row(input, 'input.body.orderId')).toHaveCount(0)
  await input.getByRole('searchbox', { name: 'Search the data' }).fill('')
  await input.getByRole('radio', { name: 'Table' }).click()
  await expect(input.getByRole('table')).toBeVisible()
  await input.getByRole('radio', { name: 'Schema' }).click()
  await expect(input.getByRole('list', { name: 'Schema' })).toContainText('quantity')
  await input.getByRole('radio', { name: 'JSON' }).click()
  await expect(input).toContainText('"orderId": 20418')
  await canvas.close()
})

test('10 MB and 100,000 rows are shown whole and scrolled to their end', async () => {
  test.setTimeout(120_000)
  const source = `return { rows: Array.from({ length: 100000 }, (_, i) => ({ id: i, name: 'Customer number ' + i, city: i % 2 ? 'Rotterdam' : 'Oslo', note: 'x'.repeat(20) })) }`
  const id = await build('hook -> many -> fields', {
    hook,
    many: { type: 'code.javascript', title: 'Many', params: { source } },
    fields: { ...set('last', '{{ input.rows[99999].name }}'), title: 'Prepare' },
  })
  await signed.api.drafts.testNode.mutate({ workflowId: id, nodeId: idOf('many'), mode: 'upTo' })
  await page.reload()
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  const panel = await canvas.open('Prepare')
  await expect(panel.locator('[data-live-value]')).toHaveText('Customer number 99999', { timeout: 30_000 })
  const input = panel.getByRole('region', { name: 'Input' })
  await input.getByRole('radio', { name: 'Table' }).click()
  await expect(input.getByText('100,000 rows')).toBeVisible()
  await page.locator('[data-trees]').evaluate(async (frame) => {
    for (let step = 0; step < 60; step++) {
      frame.scrollTop += frame.scrollHeight / 61
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))
    }
    frame.scrollTop = frame.scrollHeight
  })
  await expect(input.getByRole('cell', { name: '99999', exact: true })).toHaveCount(2)
  expect(await page.locator('[data-trees] tr').count()).toBeLessThan(120)
  await input.getByRole('radio', { name: 'Tree' }).click()
  await input.getByRole('searchbox', { name: 'Search the data' }).fill('number 99998')
  await expect(row(input, 'input.rows[99998].name')).toBeVisible({ timeout: 20_000 })
  await canvas.close()
})

test('where data is missing, the panel says what to do and does it', async () => {
  await build('hook -> one -> two', {
    hook,
    one: { type: 'code.javascript', title: 'One', params: { source: 'return { a: input.body.orderId }' } },
    two: { type: 'code.javascript', title: 'Two', params: { source: 'return { b: 2 }' } },
  })
  const panel = await canvas.open('Two')
  const input = panel.getByRole('region', { name: 'Input' })
  await expect(input.locator('[data-missing]')).toContainText('Run up to here to see data.')
  await input.getByRole('button', { name: 'Run up to “One”' }).click()
  await expect(row(input, 'input.a')).toContainText('20418')
  await expect(panel.getByTestId('node-output').locator('[data-missing]')).toContainText('Run up to here to see data.')
  await panel.getByTestId('node-output').getByRole('button', { name: 'Run up to here' }).click()
  await expect(panel.getByTestId('node-output')).toContainText('Succeeded')
  await canvas.close()
})

test('a step that nothing came in to is tested with the steps that lead to it', async () => {
  await build('hook -> one -> two', {
    hook,
    one: { ...set('a', '{{ input.body.orderId }}'), title: 'One' },
    two: { ...set('b', '{{ input.a }}'), title: 'Two' },
  })
  const panel = await canvas.open('Two')
  await panel.getByRole('button', { name: 'Test step' }).click()
  await expect(panel.getByTestId('node-output')).toContainText('20418')
  await canvas.close()
})

test('effects that would really happen are named first and can be replaced by the last answer or by typed data', async () => {
  await build('hook -> send -> after', {
    hook,
    send: { type: 'http.request', title: 'Reserve stock', params: { method: 'POST', url: `${sink.url}/reserve` } },
    after: { ...set('from', '{{ input.body.from }}'), title: 'After' },
  })
  const sent = () => sink.requests.filter((request) => request.path === '/reserve').length
  const panel = await canvas.open('After')
  await panel.getByRole('button', { name: 'Test up to here' }).click()
  const dialog = page.getByRole('dialog', { name: 'This would really happen' })
  await expect(dialog).toContainText('Reserve stock')
  await expect(dialog).toContainText('Sends POST /reserve')
  expect(sent()).toBe(0)
  await canvas.choose(dialog, 'What happens at Reserve stock', 'Use data I type')
  await canvas.write(dialog, 'Answer of Reserve stock', '{ "body": { "from": "typed" } }')
  await dialog.getByRole('button', { name: 'Run test' }).click()
  await expect(panel.getByTestId('node-output')).toContainText('"from": "typed"')
  expect(sent()).toBe(0)
  await panel.getByRole('button', { name: 'Test up to here' }).click()
  await dialog.getByRole('button', { name: 'Run test' }).click()
  await expect(panel.getByTestId('node-output')).toContainText('"from": "/reserve"')
  expect(sent()).toBe(1)
  await panel.getByRole('button', { name: 'Test up to here' }).click()
  await canvas.choose(dialog, 'What happens at Reserve stock', 'Use its last answer')
  await dialog.getByLabel('Do not ask again for these while this page is open').click()
  await dialog.getByRole('button', { name: 'Run test' }).click()
  await expect(dialog).toHaveCount(0)
  await panel.getByRole('button', { name: 'Test up to here' }).click()
  await expect(dialog).toHaveCount(0)
  expect(sent()).toBe(1)
  await canvas.close()
})

test('one step is tested with other input, and an input is kept under a name', async () => {
  await build('hook -> fields', { hook, fields: { ...set('name', '{{ input.body.customer.name }}'), title: 'Prepare' } })
  const panel = await canvas.open('Prepare')
  await panel.getByRole('button', { name: 'More tests' }).click()
  await page.getByRole('menuitem', { name: 'Test with other input' }).click()
  const dialog = page.getByRole('dialog', { name: 'Test “Prepare” with other input' })
  await canvas.write(dialog, 'Input', '{ "body": { "customer": { "name": "Quay Supplies" } } }')
  await dialog.getByLabel('Name of this input').fill('Quay')
  await dialog.getByRole('button', { name: 'Keep this input' }).click()
  await expect(page.getByText('“Quay” is kept')).toBeVisible()
  await dialog.getByRole('button', { name: 'Run test' }).click()
  await expect(panel.getByTestId('node-output')).toContainText('"name": "Quay Supplies"')
  await panel.getByRole('button', { name: 'More tests' }).click()
  await page.getByRole('menuitem', { name: 'Test with other input' }).click()
  await canvas.choose(dialog, 'Where the input comes from', 'Quay')
  await expect(dialog).toContainText('Quay Supplies')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await canvas.close()
})

test('one item alone is tested, and everything from a step on', async () => {
  await build(
    'hook -> filter -> after',
    {
      hook,
      filter: { type: 'data.filter', title: 'Filter', params: { conditions: [{ left: '{{ item }}', operator: 'greater', right: '2' }] } },
      after: { ...set('seen', '{{ input.length }}'), title: 'After' },
    },
    { hook: [1, 2, 3, 4] },
  )
  const panel = await canvas.open('Filter')
  await panel.getByRole('group', { name: 'Item that is shown' }).getByRole('button', { name: 'Item after' }).click()
  await panel.getByRole('button', { name: 'More tests' }).click()
  await page.getByRole('menuitem', { name: 'Test with item 2 only' }).click()
  await expect(panel.getByTestId('node-output')).toContainText('[]')
  await panel.getByRole('button', { name: 'More tests' }).click()
  await page.getByRole('menuitem', { name: 'Test from here on' }).click()
  await expect(panel.getByTestId('node-output')).toContainText('4')
  await panel.getByRole('button', { name: 'After' }).first().click()
  await expect(page.getByTestId('node-output')).toContainText('"seen": 2')
  await canvas.close()
})

test('the values in a loop are those of the item that is chosen, in fields and in what the step gave', async () => {
  await build('hook -> lines; weigh -> label', {
    hook,
    lines: { type: 'flow.for_each', title: 'Each line', params: { items: '{{ input.body.lines }}' } },
    weigh: { ...set('weight', '{{ item.sku }} weighs {{ index + 1 }}'), title: 'Weigh', parent: 'lines' },
    label: { ...set('label', '{{ steps.$weigh___.weight }}, {{ input.weight }}'), title: 'Label', parent: 'lines' },
  })
  await canvas.card('Label').locator('.mr-nm').click()
  await page.getByRole('toolbar', { name: 'Actions for Label' }).getByRole('button', { name: 'Up to here' }).click()
  await expect(canvas.card('Label')).toHaveAttribute('data-status', 'succeeded')
  const panel = await canvas.open('Label')
  const field = panel.locator('[data-param="fields"]')
  const output = panel.getByTestId('node-output')
  await expect(field.locator('[data-live-value]').last()).toHaveText('OAK-1180 weighs 1, OAK-1180 weighs 1')
  const items = panel.getByRole('group', { name: 'Item that is shown' })
  await items.getByRole('button', { name: 'Item after' }).click()
  await expect(items).toContainText('2 of 2')
  await expect(field.locator('[data-live-value]').last()).toHaveText('PIN-2040 weighs 2, PIN-2040 weighs 2')
  await expect(output).toContainText('PIN-2040 weighs 2')
  await expect(output).toContainText('Result 2 of 2')
  await items.getByRole('button', { name: 'Item before' }).click()
  await expect(output).toContainText('OAK-1180 weighs 1')
  await canvas.close()
})

test('a test stops before a breakpoint; a value is changed, one steps and goes on, and nothing of it is in the graph', async () => {
  const id = await build('hook -> one -> two -> three', {
    hook,
    one: { ...set('a', '{{ input.body.orderId }}'), title: 'One' },
    two: { ...set('b', '{{ input.a }}'), title: 'Two' },
    three: { ...set('c', '{{ input.b }}'), title: 'Three' },
  })
  const chosen = async (title: string) => canvas.card(title).locator('.mr-nm').click()
  await chosen('Two')
  await page.keyboard.press('b')
  await expect(canvas.card('Two').locator('[data-flag="breakpoint"]')).toHaveText('Breakpoint')
  await chosen('Three')
  await page.getByRole('toolbar', { name: 'Actions for Three' }).getByRole('button', { name: 'Up to here' }).click()
  const bar = page.getByRole('region', { name: 'Test that stands still' })
  await expect(bar).toContainText('The test stopped before Two.')
  await expect(canvas.card('Two').locator('[data-flag="breakpoint"]')).toHaveText('Stopped here')
  await expect(canvas.card('One')).toHaveAttribute('data-status', 'succeeded')
  await bar.getByRole('button', { name: 'Change a value' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change a value' })
  await canvas.write(dialog, 'Value', '{ "a": 99 }')
  await dialog.getByRole('button', { name: 'Use this value' }).click()
  await bar.getByRole('button', { name: 'Step' }).click()
  await expect(bar).toContainText('The test stopped before Three.')
  await bar.getByRole('button', { name: 'Continue' }).click()
  await expect(bar).toHaveCount(0)
  const panel = await canvas.open('Three')
  await expect(panel.getByTestId('node-output')).toContainText('"c": 99')
  await canvas.close()
  await page.reload()
  await expect(canvas.card('Two').locator('[data-flag="breakpoint"]')).toHaveText('Breakpoint')
  const { draft } = await signed.api.workflows.get.query({ workflowId: id })
  expect(JSON.stringify(draft.graph)).not.toContain('breakpoint')
})

test('a breakpoint inside a loop holds the test in each item; one looks, changes a value, steps, and goes on without it', async () => {
  await build('hook -> lines -> after; weigh -> label', {
    hook,
    lines: { type: 'flow.for_each', title: 'Each line', params: { items: '{{ input.body.lines }}', concurrency: 2 } },
    weigh: { ...set('weight', '{{ item.quantity * 2 }}'), title: 'Weigh', parent: 'lines' },
    label: { ...set('label', '{{ item.sku }}'), title: 'Label', parent: 'lines' },
    after: { ...set('seen', '{{ input }}'), title: 'After' },
  })
  const card = (title: string) => canvas.card(title)
  await card('After').locator('.mr-nm').click()
  await page.getByRole('toolbar', { name: 'Actions for After' }).getByRole('button', { name: 'Up to here' }).click()
  await expect(card('After')).toHaveAttribute('data-status', 'succeeded')
  await card('Label').locator('.mr-nm').click()
  await page.keyboard.press('b')
  await expect(card('Label').locator('[data-flag="breakpoint"]')).toHaveText('Breakpoint')
  await card('After').locator('.mr-nm').click()
  await page.getByRole('toolbar', { name: 'Actions for After' }).getByRole('button', { name: 'Up to here' }).click()
  const bar = page.getByRole('region', { name: 'Test that stands still' })
  await expect(bar).toContainText('The test stopped before Label')
  await expect(bar.getByTestId('held-where')).toHaveText('Item 1 of 2 in “Each line”')
  await expect(bar).toContainText('OAK-1180')
  await expect(card('Label').locator('[data-flag="breakpoint"]')).toHaveText('Stopped here')
  await expect(card('Weigh')).toHaveAttribute('data-status', 'succeeded')
  await expect(card('After')).toHaveAttribute('data-status', 'idle')
  await expect(card('After')).toContainText('not reached')
  await bar.getByRole('button', { name: 'See what comes in' }).click()
  const panel = page.locator('[data-node-panel]')
  await expect(panel.getByRole('region', { name: 'Input' })).toContainText('weight')
  await expect(panel.getByRole('region', { name: 'Input' })).toContainText('Item 1 of 2')
  await canvas.close()
  await page.reload()
  await expect(bar.getByTestId('held-where')).toHaveText('Item 1 of 2 in “Each line”')
  await bar.getByRole('button', { name: 'Change a value' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change a value' })
  await canvas.write(dialog, 'Value', '{ "weight": 77 }')
  await dialog.getByRole('button', { name: 'Use this value' }).click()
  // Where the server is not reached, neither the place nor the change is lost.
  await page.route(/drafts\.goOn/, (route) => route.abort(), { times: 1 })
  await bar.getByRole('button', { name: 'Step' }).click()
  await expect(page.getByText('Millrace cannot be reached')).toBeVisible()
  errors = []
  await expect(bar.getByTestId('held-where')).toHaveText('Item 1 of 2 in “Each line”')
  await bar.getByRole('button', { name: 'Step' }).click()
  await expect(bar.getByTestId('held-where')).toHaveText('Item 2 of 2 in “Each line”')
  await bar.getByRole('button', { name: 'Continue, and stop before “Label” no longer' }).click()
  await expect(bar).toHaveCount(0)
  await expect(card('Label').locator('[data-flag="breakpoint"]')).toHaveCount(0)
  const lines = await canvas.open('After')
  await expect(lines.getByTestId('node-output')).toContainText('"weight": 77')
  await expect(lines.getByTestId('node-output')).toContainText('PIN-2040')
  await canvas.close()
})

test('a sub-workflow step asks for what the other workflow takes, also after that was published anew', async () => {
  const schema = (required: string[]) => ({
    type: 'object',
    properties: {
      customerId: { type: 'string', description: 'As it stands in the invoice.' },
      orderId: { type: 'number' },
      express: { type: 'boolean' },
    },
    required,
  })
  const { id: called } = await signed.api.workflows.create.mutate({
    name: `Ship order ${Date.now().toString(36)}`,
    graph: graphOf('begin -> work', {
      begin: { type: 'trigger.sub_workflow', title: 'Called', params: { input: schema(['customerId']) } },
      work: { ...set('shipped', 'yes'), title: 'Ship it' },
    }) as never,
  })
  await signed.api.workflows.publish.mutate({ workflowId: called, note: '' })
  await build('hook -> ship', { hook, ship: { type: 'flow.sub_workflow', title: 'Ship', params: { workflow: called } } })
  const panel = await canvas.open('Ship')
  const fields = panel.getByRole('group', { name: 'Fields of the input' })
  await expect(fields).toContainText('Nothing is filled in: it gets what came in here.')
  await expect(fields).toContainText('As it stands in the invoice.')
  await expect(fields.locator('[data-param="input/customerId"]')).toContainText('text, required')
  await fields.getByRole('textbox', { name: 'orderId' }).fill('{{ input.body.orderId }}')
  await expect(fields.locator('[data-param="input/customerId"]')).toContainText('“customerId” is missing')
  await fields.getByRole('textbox', { name: 'customerId' }).fill('{{ input.body.customer.name }}')
  await expect(fields.getByText('is missing')).toHaveCount(0)
  await signed.api.drafts.applyOperations.mutate({
    workflowId: called,
    baseRevision: 0,
    clientId: 'asks-for-more',
    operations: [
      {
        opId: 'asks-for-more',
        operation: {
          kind: 'setParam',
          nodeId: idOf('begin'),
          path: ['input'],
          before: schema(['customerId']),
          after: schema(['customerId', 'express']),
        } as never,
      },
    ],
  })
  await signed.api.workflows.publish.mutate({ workflowId: called, note: '' })
  await page.reload()
  await canvas.open('Ship')
  await expect(fields.locator('[data-param="input/express"]')).toContainText('yes or no, required')
  await canvas.close()
  await expect(canvas.card('Ship').getByText('1 problem')).toBeVisible()
})

test('a test that was stopped shows which steps it ran and where, also after a reload, until the next', async () => {
  await build('hook -> one -> lines -> after; weigh -> label', {
    hook,
    one: { ...set('a', '{{ input.body.orderId }}'), title: 'One' },
    lines: { type: 'flow.for_each', title: 'Each line', params: { items: '{{ trigger.body.lines }}' } },
    weigh: { ...set('weight', '{{ item.quantity * 2 }}'), title: 'Weigh', parent: 'lines' },
    label: { ...set('label', '{{ item.sku }}'), title: 'Label', parent: 'lines' },
    after: { ...set('seen', '{{ input }}'), title: 'After' },
  })
  const card = (title: string) => canvas.card(title)
  const status = (title: string, is: string) => expect(card(title)).toHaveAttribute('data-status', is)
  await card('Label').locator('.mr-nm').click()
  await page.keyboard.press('b')
  await card('After').locator('.mr-nm').click()
  const upToHere = page.getByRole('toolbar', { name: 'Actions for After' }).getByRole('button', { name: 'Up to here' })
  await upToHere.click()
  const bar = page.getByRole('region', { name: 'Test that stands still' })
  await expect(bar).toContainText('The test stopped before Label')
  await bar.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(bar).toHaveCount(0)
  const trace = async () => {
    await status('Label', 'cancelled')
    await expect(card('Label')).toContainText('stopped here')
    await expect(page.locator('.mr-frame[data-status="cancelled"]')).toContainText('Each line')
    await status('One', 'succeeded')
    await status('Weigh', 'succeeded')
    await expect(card('After')).not.toHaveAttribute('data-status')
  }
  await trace()
  await page.reload()
  await trace()
  await card('Label').locator('.mr-nm').click()
  await page.keyboard.press('b')
  await card('After').locator('.mr-nm').click()
  await upToHere.click()
  await status('After', 'succeeded')
  await expect(card('Label')).not.toHaveAttribute('data-status', 'cancelled')
  // One that ended before a breakpoint outside of loops, too.
  await page.keyboard.press('b')
  await upToHere.click()
  await expect(bar).toContainText('The test stopped before After')
  await bar.getByRole('button', { name: 'Stop', exact: true }).click()
  await status('After', 'cancelled')
  await page.reload()
  await status('After', 'cancelled')
  await status('One', 'succeeded')
})

test('what stands behind a change is marked as stale, at once', async () => {
  await build('hook -> one -> two', {
    hook,
    one: { ...set('a', '{{ input.body.orderId }}'), title: 'One' },
    two: { ...set('b', '{{ input.a }}'), title: 'Two' },
  })
  let panel = await canvas.open('Two')
  await panel.getByRole('button', { name: 'Test up to here' }).click()
  await expect(panel.getByTestId('node-output')).toContainText('"b": 20418')
  await expect(panel.locator('[data-stale]')).toHaveCount(0)
  await canvas.close()
  panel = await canvas.open('One')
  await field(panel, 'Fields, value of a').fill('changed')
  await expect(panel.locator('[data-stale]')).toBeVisible()
  await canvas.close()
  panel = await canvas.open('Two')
  await expect(panel.locator('[data-stale]')).toContainText('something before it, has changed')
  await canvas.close()
})

test('one real call of the webhook is caught and kept as test data', async () => {
  await build('hook -> fields', { hook, fields: { ...set('order', '{{ input.body.orderId }}'), title: 'Prepare' } }, {})
  const panel = await canvas.open('Order came in')
  const address = await panel.getByLabel('Address of the webhook').inputValue()
  await panel.getByRole('button', { name: 'Capture a real call' }).click()
  await expect(panel.getByRole('button', { name: 'Stop capturing' })).toBeVisible()
  await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ orderId: 777 }) })
  await expect(panel.getByTestId('node-output')).toContainText('"orderId": 777')
  await canvas.close()
  const next = await canvas.open('Prepare')
  await expect(next.locator('[data-live-value]')).toHaveText('777')
  await expect(next.getByRole('region', { name: 'Input' })).toContainText('From a captured request')
  await canvas.close()
})

test('a credential is made where it is needed', async () => {
  await build('hook -> send', { hook, send: { type: 'http.request', title: 'Call', params: { url: `${sink.url}/x` } } })
  const panel = await canvas.open('Call')
  await panel.getByRole('button', { name: 'New credential' }).click()
  const dialog = page.getByRole('dialog', { name: 'New credential' })
  const name = `Warehouse ${Date.now().toString(36)}`
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  for (const secret of await dialog.locator('input[type="password"]').all()) await secret.fill('sk-secret')
  await dialog.getByLabel(/hosts/i).fill('api.example.com')
  await dialog.getByRole('button', { name: 'Create credential' }).click()
  await expect(panel.getByRole('combobox', { name: 'Credential' })).toContainText(name)
  await canvas.close()
})

test('options are loaded from the other side: the models of the chosen credential', async () => {
  const models = await startScriptedModelServer()
  try {
    const { id: credential } = await signed.api.credentials.create.mutate({
      name: `Models ${Date.now().toString(36)}`,
      type: 'model.openai',
      settings: { baseUrl: models.baseUrl },
      secret: { apiKey: 'sk-panel' },
    })
    const id = await build('hook -> agent', { hook, agent: { type: 'ai.agent', title: 'Agent', params: { credential } } })
    const panel = await canvas.open('Agent')
    await canvas.choose(panel, 'Model', 'scripted-large')
    await canvas.close()
    await canvas.saved()
    const { draft } = await signed.api.workflows.get.query({ workflowId: id })
    expect(draft.graph.nodes.find((node) => node.id === idOf('agent'))?.params.model).toBe('scripted-large')
  } finally {
    await models.close()
  }
})

test('the panel docks below the canvas and follows what is chosen there', async () => {
  await build('hook -> fields', { hook, fields: { ...set('a', '1'), title: 'Prepare' } })
  const panel = await canvas.open('Prepare')
  await panel.getByRole('button', { name: 'Dock below the canvas' }).click()
  const docked = page.locator('[data-docked]')
  await expect(docked).toBeVisible()
  await canvas.card('Order came in').locator('.mr-nm').click()
  await expect(docked.getByLabel('Name of the step')).toHaveValue('Order came in')
  await page.reload()
  await canvas.card('Prepare').locator('.mr-nm').dblclick()
  await expect(docked).toBeVisible()
  await docked.getByRole('button', { name: 'Show in full' }).click()
  await expect(page.getByRole('dialog', { name: 'Prepare', exact: true })).toBeVisible()
  await canvas.close()
})

test('arrow keys walk to the neighbours, and the question mark shows the keys for where one is', async () => {
  await build('hook -> one -> two', { hook, one: { ...set('a', '1'), title: 'One' }, two: { ...set('b', '2'), title: 'Two' } })
  await canvas.open('One')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('dialog', { name: 'Two', exact: true })).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('dialog', { name: 'One', exact: true })).toBeVisible()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Shortcuts' })
  await expect(keys).toContainText('Test the step')
  await keys.getByRole('button', { name: 'Close' }).click()
  await canvas.close()
  await canvas.card('One').locator('.mr-nm').click()
  await page.keyboard.press('?')
  await expect(keys).toContainText('Zoom to fit')
  await keys.getByRole('button', { name: 'Close' }).click()
})

test('F2 renames in the outline', async () => {
  await build('hook -> one', { hook, one: { ...set('a', '1'), title: 'One' } })
  await page.getByRole('button', { name: 'Outline' }).click()
  await page.getByRole('treeitem', { name: /^One/ }).focus()
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: 'Name of the step' }).fill('First')
  await page.keyboard.press('Enter')
  await expect(canvas.card('First')).toBeVisible()
  await expect(page.getByRole('treeitem', { name: /^First/ })).toBeFocused()
})

test('an example from a node’s help inserts itself', async () => {
  await build('hook -> send', { hook, send: { type: 'http.request', title: 'Call' } })
  const panel = await canvas.open('Call')
  await panel.getByRole('tab', { name: 'Help' }).click()
  await panel
    .getByRole('button', { name: /^Use this example/ })
    .first()
    .click()
  await expect(panel.getByRole('tab', { name: 'Settings' })).toHaveAttribute('aria-selected', 'true')
  await expect(panel.getByRole('textbox', { name: 'URL' })).not.toHaveValue('')
  await canvas.close()
})

test('a pill says what it is when the pointer rests on it', async () => {
  await build('hook -> fields', { hook, fields: { ...set('a', '{{ input.body.orderId }}'), title: 'Prepare' } })
  const panel = await canvas.open('Prepare')
  const box = await panel.locator('.pill').boundingBox()
  if (!box) throw new Error('there is no pill')
  await page.mouse.move(box.x + 20, box.y + 8)
  await page.mouse.move(box.x + 24, box.y + 9)
  const docs = page.locator('[data-hover-docs]')
  await expect(docs).toContainText('20418')
  await expect(docs).toContainText('number')
  await canvas.close()
})

test('an expression over a large sample shows its value as one types', async () => {
  const large = { rows: Array.from({ length: 1_500 }, (_, index) => ({ id: index, text: 'y'.repeat(60) })) }
  await build('hook -> fields', { hook, fields: { ...set('a', ''), title: 'Prepare' } }, { hook: large })
  const panel = await canvas.open('Prepare')
  await field(panel, 'Fields, value of a').click()
  await page.keyboard.type('{{ input.rows.filter(row => row.id > 10).length }}', { delay: 30 })
  await expect(panel.locator('[data-live-value]').first()).toHaveText('1489')
  await canvas.close()
})

test('the panel and its dialogs have no accessibility problems', async () => {
  await build('hook -> send', {
    hook,
    send: { type: 'http.request', title: 'Call', params: { method: 'POST', url: `${sink.url}/{{ input.body.orderId }}` } },
  })
  const panel = await canvas.open('Call')
  await expect(panel.locator('[data-live-value]').first()).toBeVisible()
  const check = async () => expect(await faultsForAssistiveTechnology(page, { within: '[role="dialog"]' })).toEqual([])
  await check()
  for (const look of ['Table', 'Schema', 'JSON']) {
    await panel.getByRole('region', { name: 'Input' }).getByRole('radio', { name: look }).click()
    await check()
  }
  await panel.getByRole('button', { name: 'Test step' }).click()
  await expect(page.getByRole('dialog', { name: 'This would really happen' })).toBeVisible()
  await check()
  await page.getByRole('dialog', { name: 'This would really happen' }).getByRole('button', { name: 'Cancel' }).click()
  await canvas.close()
})

test('what a step wrote stands below its output after a test, with levels and times, and is copied as a whole', async () => {
  const source = [
    "console.debug('begin')",
    "console.warn('a long line without a gap: ' + 'x'.repeat(400))",
    "if (input.body.orderId !== 20418) console.error('another order')",
    'return input',
  ].join('\n')
  await build('hook -> code -> after', {
    hook,
    code: { type: 'code.javascript', title: 'Check', params: { source } },
    after: set('n', '1'),
  })
  const panel = await canvas.open('Check')
  const logs = panel.getByTestId('node-logs')
  await panel.getByRole('button', { name: 'Test step' }).click()
  const lines = logs.getByRole('listitem')
  await expect(lines).toHaveCount(2)
  await expect(lines.first()).toHaveText(/^Debug\+\d+ msbegin$/)
  await expect(lines.nth(1)).toContainText('Warning')
  const { right } = await logs.evaluate((box) => box.getBoundingClientRect())
  const wide = await lines.evaluateAll((all) => Math.max(...all.map((one) => one.scrollWidth + one.getBoundingClientRect().left)))
  expect(wide).toBeLessThanOrEqual(right)
  // The full time of a line is there for whoever rests on it.
  await lines.first().locator('time').hover()
  await expect(page.getByRole('tooltip')).toHaveText(/\d{4}.*\d\d:\d\d:\d\d\.\d{3}/)
  await logs.getByRole('button', { name: 'Copy all lines' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied.split('\n').map((line) => line.replace(/^\S+Z /, '').slice(0, 20))).toEqual(['DEBUG begin', 'WARN a long line wit'])
  expect(await faultsForAssistiveTechnology(page, { within: '[data-testid="node-logs"]', schemes: ['light', 'dark'] })).toEqual([])
  const toggle = logs.getByRole('button', { name: /^Logs/ })
  await toggle.press('Enter')
  await expect(lines).toHaveCount(0)
  await toggle.press('Enter')
  await expect(lines).toHaveCount(2)
})
