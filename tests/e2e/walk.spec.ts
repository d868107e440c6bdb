import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { canvasDriver } from '../support/canvas-driver'
import { eventually } from '../support/eventually'
import { settled } from '../support/fill-with-work'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { asOwner, owner } from '../support/owner'
import { startScriptedModelServer } from '../support/scripted-model-server'

test.describe.configure({ mode: 'serial', lock: '-exclusive-' })

/** The service that the workflow calls: scores, and as broken or slow as the walk needs it. */
const service = { broken: false, held: new Map<string, () => void>() }
let sink: HttpSink
let page: Page
let canvas: ReturnType<typeof canvasDriver>
let base: string
let hook: string

test.beforeAll(async ({ browser }) => {
  sink = await startHttpSink({
    onRequest: (request, response) => {
      const answer = () => {
        response.writeHead(service.broken ? 500 : 200, { 'content-type': 'application/json' })
        response.end(JSON.stringify(service.broken ? { error: 'The scores are away.' } : { score: 82, from: request.path }))
      }
      if (request.path.startsWith('/score/slow')) service.held.set(request.path, answer)
      else answer()
    },
  })
  page = await browser.newPage()
  canvas = canvasDriver(page)
})
test.afterAll(async () => {
  await page.close()
  await sink.close()
})

const section = (name: string) => page.getByRole('link', { name, exact: true }).first()
/** The run on screen has ended like this. */
const ended = (status: string) => expect(page.getByTestId('run')).toHaveAttribute('data-status', status, { timeout: 20_000 })

async function call(body: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(hook, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}

test('npm start says what it does, ran an example, and ends with an address and a set-up link', () => {
  const printed = process.env.MILLRACE_PRINTED ?? ''
  expect(printed).toMatch(/✓ database .+ s/)
  expect(printed).toMatch(/✓ Temporal .+ s/)
  expect(printed).toMatch(/first run: \d+ steps, succeeded in \d+\.\d s/)
  expect(printed).toMatch(/Millrace is ready in .+: http:\/\/localhost:\d+/)
  expect(process.env.MILLRACE_SETUP_LINK).toMatch(/\/setup\?token=/)
})

test('the set-up page makes the owner and the organization, and home shows what is there', async () => {
  await page.goto(process.env.MILLRACE_SETUP_LINK as string)
  await page.getByLabel('Your name').fill(owner.name)
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByLabel('Name of your organization').fill(owner.organization)
  await page.getByText('Keep them in an organization of their own').click()
  await page.getByRole('button', { name: 'Create and sign in' }).click()
  await page.waitForURL('**/o/**')
  base = new URL(page.url()).pathname.split('/').slice(0, 3).join('/')
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'A workflow is three things in a row' })).toBeVisible()

  await page.getByRole('button', { name: 'Organization Northwind, switch' }).click()
  await page.getByRole('menuitem', { name: /examples/ }).click()
  await expect(page.getByRole('button', { name: /Organization .*, switch/ })).not.toContainText(owner.organization)
  for (const card of ['Needs attention', 'Latest runs', 'Workflows, last 24 hours'])
    await expect(page.getByText(card).first()).toBeVisible()
  await page.goto(base)
})

test('the set-up link works once', async ({ browser }) => {
  const other = await browser.newPage()
  await other.goto(process.env.MILLRACE_SETUP_LINK as string)
  await expect(other.getByText('Millrace is already set up')).toBeVisible()
  await other.close()
})

test('nodes are dragged from the palette onto the canvas', async () => {
  await section('Workflows').click()
  await page.getByRole('button', { name: 'New workflow' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Order check')
  await page.getByRole('button', { name: 'Create workflow' }).click()
  await page.waitForURL('**/workflows/wf_*')
  await canvas.drop('trigger.webhook', { x: 120, y: 120 })
  await canvas.drop('data.set', { x: 370, y: 120 })
  await page.keyboard.press('F2')
  await page.getByLabel('Name of the node').fill('Prepare')
  await page.keyboard.press('Enter')
  for (const [type, x, y] of [
    ['http.request', 620, 120],
    ['flow.if', 870, 120],
    ['ai.agent', 620, 370],
    ['data.set', 940, 340],
    ['http.respond', 940, 480],
    ['code.javascript', 250, 420],
  ] as const)
    await canvas.drop(type, { x, y })
  for (const title of ['Webhook', 'Prepare', 'HTTP request', 'If', 'Agent', 'Set fields', 'Respond', 'Code'])
    await expect(canvas.card(title)).toBeVisible()
  await canvas.saved()
})

test('nodes dropped on the agent become its tools', async () => {
  await canvas.drop('http.request', canvas.card('Agent'))
  await expect(canvas.card('HTTP request 2')).toHaveAttribute('data-shape', 'tool')
  await canvas.dragCard('Code', canvas.card('Agent').locator('.mr-nm'))
  await expect(canvas.card('Code')).toHaveAttribute('data-shape', 'tool')
})

test('nodes are connected by drawing from port to port', async () => {
  await canvas.connect('Webhook', 'Prepare')
  await canvas.connect('Prepare', 'HTTP request')
  await canvas.connect('HTTP request', 'If')
  await canvas.connect('If', 'Agent', 'true')
  await canvas.connect('If', 'Set fields', 'false')
  await canvas.connect('Agent', 'Set fields')
  await canvas.connect('Set fields', 'Respond')
  await canvas.saved()
})

test('problems are marked on nodes and stop a publish with a sentence', async () => {
  await expect(canvas.card('HTTP request')).toHaveAttribute('data-problem', 'true')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Not published' })
  await expect(dialog).toContainText('to be fixed first')
  await expect(dialog.getByRole('listitem').filter({ hasText: 'HTTP request' }).first()).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
})

test('each node is set by a form, and earlier data is named with completion and a live preview', async () => {
  const webhook = await canvas.open('Webhook')
  await canvas.choose(webhook, 'Answer', 'From a Respond step')
  await expect(webhook.getByLabel('Address of the webhook')).toHaveValue(/\/hooks\/./)
  hook = await webhook.getByLabel('Address of the webhook').inputValue()
  await canvas.close()

  const prepare = await canvas.open('Prepare')
  await prepare.getByRole('button', { name: 'Add', exact: true }).click()
  await prepare.getByLabel('Fields, name 1').fill('source')
  await prepare.getByLabel('Fields, value of source').fill('shop')
  await canvas.close()

  const request = await canvas.open('HTTP request')
  const url = request.getByRole('textbox', { name: 'URL' })
  await url.click()
  await page.keyboard.type(`${sink.url}/score/{{ trig`)
  await expect(
    page
      .getByRole('listbox', { name: 'Suggestions' })
      .getByRole('option', { name: /^trigger/ })
      .first(),
  ).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.type('.body.ord')
  await expect(page.getByRole('option', { name: /orderId/ }).first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(url).toHaveValue(/\{\{ ?trigger\.body\.orderId ?\}\}/)
  await expect(request.locator('[data-param="url"]')).toContainText('No data yet.')
  await request.getByRole('tab', { name: 'On failure' }).click()
  await request.getByLabel('Tries').fill('3')
  await request.getByLabel('First wait', { exact: true }).fill('2')
  await request.getByRole('combobox', { name: 'Waits' }).click()
  await page.getByRole('option', { name: 'Always the same' }).click()
  await expect(request.getByText(/3 tries, 2\S* ?s apart/).first()).toBeVisible()
  await canvas.close()

  const choice = await canvas.open('If')
  await choice.getByRole('button', { name: 'Add condition' }).click()
  await choice.getByLabel('Condition 1, value').fill('{{ steps.http_request.body.score }}')
  await canvas.choose(choice, 'Condition 1, comparison', 'is greater than')
  await choice.getByLabel('Condition 1, compared with').fill('50')
  await canvas.close()

  const agent = await canvas.open('Agent')
  await agent.getByLabel('Instructions').fill('Look the order up before you answer.')
  await agent.getByLabel('Task').fill('Is order {{ trigger.body.orderId }} a good one?')
  await canvas.close()

  const lookUp = await canvas.open('HTTP request 2')
  await lookUp
    .getByRole('textbox', { name: 'URL' })
    .fill(`${sink.url}/history/{{ $ai('order', 'Number of the order to look up', 'text') }}`)
  await canvas.close()
  const code = await canvas.open('Code')
  await canvas.write(code, 'Code', 'return { seen: true }')
  await canvas.close()

  const fields = await canvas.open('Set fields')
  await fields.getByRole('button', { name: 'Add', exact: true }).click()
  await fields.getByLabel('Fields, name 1').fill('order')
  await fields.getByLabel('Fields, value of order').fill('{{ trigger.body.orderId }}')
  await fields.getByRole('button', { name: 'Add', exact: true }).click()
  await fields.getByLabel('Fields, name 2').fill('score')
  await fields.getByLabel('Fields, value of score').fill('{{ steps.http_request.body.score }}')
  await canvas.choose(fields, 'Pass on', 'Only these fields')
  await canvas.close()
  await canvas.saved()
  await expect(canvas.canvas.locator('[data-problem]')).toHaveCount(0)
})

test('a test of the draft gives data, and previews then show it', async () => {
  await page.getByRole('button', { name: 'Test', exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Test the draft' })
  await canvas.write(
    dialog,
    'Input',
    JSON.stringify({ method: 'POST', path: '/', query: {}, headers: {}, body: { orderId: 777 }, deliveryId: 'test' }),
  )
  await dialog.getByRole('button', { name: 'Run test' }).click()
  await expect(page.getByText(/steps tested, all went well/)).toBeVisible({ timeout: 20_000 })
  for (const title of ['Webhook', 'HTTP request', 'Agent', 'Set fields'])
    await expect(canvas.card(title)).toHaveAttribute('data-status', 'succeeded')
  const request = await canvas.open('HTTP request')
  await expect(request.locator('[data-param="url"] [data-live-value]')).toContainText(`${sink.url}/score/777`)
  await canvas.close()
})

test('what was done is undone and done again, and a reload shows what was saved', async () => {
  await canvas.card('Respond').locator('.mr-nm').click()
  await page.keyboard.press('d')
  await expect(canvas.card('Respond')).toHaveAttribute('data-disabled', 'true')
  await page.keyboard.press('ControlOrMeta+z')
  await expect(canvas.card('Respond')).not.toHaveAttribute('data-disabled')
  await page.keyboard.press('ControlOrMeta+Shift+z')
  await expect(canvas.card('Respond')).toHaveAttribute('data-disabled', 'true')
  await page.keyboard.press('ControlOrMeta+z')
  await canvas.saved()
  await page.reload()
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  await expect(canvas.canvas.locator('.react-flow__edge')).toHaveCount(9)
  await expect(canvas.card('Respond')).not.toHaveAttribute('data-disabled')
})

test('version 1 is published with a note, and a call of the webhook is answered by Respond', async () => {
  await publish('Checks the score of each order.')
  await expect(page.getByText('v1 live')).toBeVisible()
  const answer = await call({ orderId: 4711 })
  expect(answer).toEqual({ status: 200, body: { order: 4711, score: 82 } })
})

test('a run is started by hand with a test input and watched live, step by step', async () => {
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Run Order check' })
  await canvas.write(dialog, 'Input', JSON.stringify({ body: { orderId: 'slow-1' } }))
  await dialog.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForURL('**/runs/run_*')
  await expect(canvas.card('Webhook')).toHaveAttribute('data-status', 'succeeded')
  await expect(canvas.card('HTTP request')).toHaveAttribute('data-status', 'running')
  release('/score/slow-1')
  await expect(canvas.card('Respond')).toHaveAttribute('data-status', 'succeeded', { timeout: 20_000 })
  await ended('succeeded')
  await canvas.card('HTTP request').locator('.mr-nm').click()
  const step = page.getByTestId('step-panel')
  await expect(step.getByRole('heading', { name: 'HTTP request' })).toBeVisible()
  await step.getByRole('tab', { name: 'Output' }).click()
  await expect(step).toContainText('82')
  await step.getByRole('tab', { name: 'Attempts' }).click()
  await expect(step).toContainText('Try 1')
  await canvas.card('Agent').locator('.mr-nm').click()
  await expect(step.getByRole('heading', { name: 'Agent' })).toBeVisible()
  for (const word of ['Model calls', 'Tokens', 'practice', 'Transcript']) await expect(step.getByText(word).first()).toBeVisible()
})

test('the webhook stands in the list of runs, newest first', async () => {
  await section('Runs').click()
  const rows = page.getByRole('row').filter({ hasText: 'Order check' })
  await expect(rows).toHaveCount(2)
  await expect(rows.first()).toContainText(owner.name)
  await expect(rows.nth(1)).toContainText('webhook')
})

test('a schedule shows its rule in words with its next five starts, is paused and resumed, and fires', async ({ baseURL }) => {
  const { api } = await asOwner(baseURL as string)
  const { workflowId } = await api.templates.import.mutate({ slug: 'nightly-report', name: 'Morning report' })
  await api.workflows.publish.mutate({ workflowId, note: '' })
  await section('Schedules').click()
  await page.getByRole('button', { name: 'New schedule' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New schedule' })
  await dialog.getByRole('combobox', { name: 'Workflow' }).click()
  await page.getByRole('option', { name: /Morning report/ }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('Morning check')
  await dialog.getByLabel('Rule (cron)').fill('30 7 * * 1-5')
  await expect(dialog.getByText(/07:30.*Monday through Friday/)).toBeVisible()
  await expect(dialog.getByRole('list', { name: 'The next five starts' }).getByRole('listitem')).toHaveCount(5)
  await dialog.getByRole('button', { name: 'Create schedule' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Morning check' }).filter({ hasText: 'Morning report' })
  await expect(row).toBeVisible()
  const on = row.getByRole('switch', { name: 'Morning check is on' })
  await on.click()
  await expect(row.getByText('paused').first()).toBeVisible()
  await on.click()
  await expect(row.getByText('paused')).toHaveCount(0)
  await row.getByRole('button', { name: 'Actions for Morning check' }).click()
  await page.getByRole('menuitem', { name: 'Run now' }).click()
  await expect(page.getByText('A run was started')).toBeVisible()
  await section('Runs').click()
  await expect(
    page.getByRole('row').filter({ hasText: 'Morning report' }).filter({ hasText: 'Succeeded' }).filter({ hasText: 'schedule' }),
  ).toBeVisible()
})

test('a failing request is tried again with the time of the next try shown, then the run fails and a dead letter is open', async () => {
  service.broken = true
  const failing = call({ orderId: 13 })
  await page.goto(`${base}/runs`)
  await page
    .getByRole('row')
    .filter({ hasText: /Running|Waiting|Retrying/ })
    .first()
    .getByRole('link')
    .first()
    .click()
  await page.waitForURL('**/runs/run_*')
  await expect(canvas.card('HTTP request')).toContainText(/try [23] of 3 (in \d+ s|now)/)
  await ended('failed')
  expect((await failing).status).toBeGreaterThanOrEqual(500)
  await section('Dead letters').click()
  await expect(page.getByRole('button', { name: /HTTP request in Order check/ })).toBeVisible()
})

test('with the cause fixed, resolving runs again from the failed step, reuses the steps before it, and closes the dead letter', async () => {
  service.broken = false
  await page.getByRole('button', { name: /HTTP request in Order check/ }).click()
  await page.getByRole('listitem').filter({ hasText: 'orderId 13' }).getByRole('button').last().click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByText('Reused', { exact: true })).toBeVisible()
  await drawer.getByRole('button', { name: 'Resolve by running again' }).click()
  await page.getByRole('listitem').filter({ hasText: 'It runs again' }).getByRole('button', { name: 'See the run' }).click()
  await page.waitForURL('**/runs/run_*')
  await ended('succeeded')
  await expect(canvas.card('Prepare')).toContainText('Reused')
  await section('Dead letters').click()
  await page.getByRole('tab', { name: 'Resolved' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Order check' })).toBeVisible()
})

test('all of it stands on the audit page with who and when', async () => {
  await section('Audit').click()
  for (const act of [/publish/i, /schedule/i, /dead.letter/i])
    await expect(page.getByRole('row').filter({ hasText: act }).filter({ hasText: owner.name }).first()).toBeVisible()
})

test('version 2 leaves running runs of version 1 alone, is compared field by field, and version 1 is made live again', async () => {
  const running = call({ orderId: 'slow-2' })
  await eventually('the call of version 1', async () => service.held.has('/score/slow-2'))
  await page.goto(`${base}/workflows`)
  await page.getByRole('link', { name: 'Order check' }).first().click()
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  const fields = await canvas.open('Set fields')
  await fields.getByLabel('Fields, name 2').fill('points')
  await canvas.close()
  await canvas.saved()
  await publish('Calls the score points.')
  await expect(page.getByText('v2 live')).toBeVisible()
  release('/score/slow-2')
  expect((await running).body).toEqual({ order: 'slow-2', score: 82 })
  expect((await call({ orderId: 5 })).body).toEqual({ order: 5, points: 82 })

  await page.getByRole('button', { name: 'Version history' }).click()
  const history = page.getByRole('dialog', { name: 'Version history' })
  await expect(history.getByText('Calls the score points.')).toBeVisible()
  await history.getByRole('button', { name: 'Actions for version 1' }).click()
  await page.getByRole('menuitem', { name: 'Make live' }).click()
  await page.getByRole('button', { name: 'Make live' }).last().click()
  await expect(page.getByText('Version 1 is live')).toBeVisible()
  expect((await call({ orderId: 6 })).body).toEqual({ order: 6, score: 82 })

  await history.getByRole('link', { name: 'Compare', exact: true }).click()
  await page.waitForURL('**/versions*')
  await expect(page.getByText('points').first()).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'Set fields' }).filter({ hasText: 'changed' })).toBeVisible()
})

test('a template says what it needs, is imported into a draft and runs', async () => {
  await section('Marketplace').click()
  await page
    .getByRole('link', { name: /Order intake/ })
    .first()
    .click()
  await expect(page.getByText('What it needs')).toBeVisible()
  await page.getByLabel('Name here').fill('Orders from a template')
  await page.getByRole('button', { name: 'Import template' }).click()
  await page.waitForURL('**/workflows/wf_*')
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  // With the template's own sample, once it is there.
  await expect(page.getByText(/^[1-9]\d* of \d+ nodes have data$/)).toBeVisible()
  await page.getByRole('button', { name: 'Test', exact: true }).first().click()
  const asked = page.getByRole('dialog', { name: 'This would really happen' })
  await expect(asked.getByText('Sends POST /practice/orders')).toBeVisible()
  await asked.getByRole('button', { name: 'Run test' }).click()
  await expect(page.getByText(/steps tested, all went well/)).toBeVisible({ timeout: 20_000 })
  await expect(canvas.card('Confirm the order')).toHaveAttribute('data-status', 'succeeded')
})

test('a workflow is exported as JSON and imported in another organization', async () => {
  await page.goto(`${base}/workflows`)
  await page.getByRole('button', { name: 'Actions for Order check' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as JSON' }).click()])
  const document = readFileSync(await download.path(), 'utf8')
  expect(JSON.parse(document)).toMatchObject({ millrace: 1 })

  await page.getByRole('button', { name: /Organization .*, switch/ }).click()
  await page.getByRole('menuitem', { name: 'New organization' }).click()
  await page.getByLabel('Name of the organization').fill('Southwind')
  await page.getByRole('button', { name: 'Create organization' }).click()
  await page.waitForURL('**/o/southwind**')
  await section('Workflows').click()
  await page.getByRole('button', { name: 'Import' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Import a workflow' })
  await dialog.getByLabel('Or paste the JSON').fill(document)
  await dialog.getByRole('button', { name: 'Import workflow' }).click()
  await page.waitForURL('**/o/southwind/workflows/wf_*')
  await expect(canvas.canvas).toHaveAttribute('data-ready', 'true')
  await expect(canvas.canvas.locator('.mr-node')).toHaveCount(9)
  await expect(canvas.canvas.locator('.react-flow__edge')).toHaveCount(9)
})

test('the costs page adds up real steps by day, workflow and model', async ({ baseURL }) => {
  const models = await startScriptedModelServer({ say: 'It is a fine order.', usage: { input: 100_000, output: 10_000 } })
  try {
    const { api } = await asOwner(baseURL as string)
    const { id: credential } = await api.credentials.create.mutate({
      name: 'Models',
      type: 'model.openai',
      settings: { baseUrl: models.baseUrl },
      secret: { apiKey: 'sk-walk' },
    })
    await api.modelPrices.set.mutate({ model: 'scripted-large', inputMicros: 2_000_000, outputMicros: 10_000_000 })
    const { id } = await api.workflows.create.mutate({
      name: 'Opinions',
      graph: {
        schema: 1,
        nodes: [
          { id: 'startnode', key: 'start', title: 'Start', type: 'trigger.manual', version: 1, params: {}, position: { x: 0, y: 0 } },
          {
            id: 'askedmodel',
            key: 'ask',
            title: 'Ask',
            type: 'ai.model',
            version: 1,
            params: { credential, model: 'scripted-large', prompt: 'What do you think of {{ trigger.order }}?' },
            position: { x: 260, y: 0 },
          },
        ],
        edges: [{ id: 'edgeonly1', from: 'startnode', fromPort: 'main', to: 'askedmodel', toPort: 'main' }],
      },
    })
    await api.workflows.publish.mutate({ workflowId: id, note: '' })
    const { runId } = await api.runs.start.mutate({ workflowId: id, input: { order: 7 } })
    expect(await settled(api, runId)).toBe('succeeded')
  } finally {
    await models.close()
  }
  await page.goto(`${base}/costs`)
  // 100,000 tokens in at 2 and 10,000 out at 10 for a million.
  await expect(page.getByText('$0.30').first()).toBeVisible()
  await expect(page.getByText('scripted-large').first()).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'Opinions' })).toContainText('$0.30')
})

async function publish(note: string) {
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Publish Order check' })
  await dialog.getByLabel('What changed, in a sentence').fill(note)
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(dialog).toHaveCount(0)
}

function release(path: string) {
  service.held.get(path)?.()
  service.held.delete(path)
}
