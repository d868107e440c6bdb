import { type Browser, expect, type Page, test } from '@playwright/test'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { published, settled } from '../support/fill-with-work'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { type Millrace, millraceClient, signIn } from '../support/millrace-client'
import { asOwner, giveSession } from '../support/owner'

let url: string
let base: string
let api: Millrace
let cookie: string
let sink: HttpSink
let workflowId: string
let broken = false

test.beforeAll(async ({ baseURL }) => {
  url = baseURL as string
  sink = await startHttpSink({
    onRequest: (_, response) => {
      response.writeHead(broken ? 500 : 200, { 'content-type': 'application/json' })
      response.end('{}')
    },
  })
  const owner = await asOwner(url)
  cookie = owner.cookie
  const { id, slug } = await owner.api.organizations.create.mutate({ name: `Manage ${Date.now().toString(36)}` })
  api = millraceClient({ url, cookie, organizationId: id })
  base = `${url}/o/${slug}`
  workflowId = await published(api, 'Evening report', '', report())
})

test.afterAll(() => sink.close())

const once = { attempts: 1, backoff: 'fixed' as const, delayMs: 0, maxDelayMs: 0, jitter: 0, on: [] }

function report() {
  return drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0]),
      step('clock', 'trigger.schedule', 'Every evening', [0, 1]),
      step('send', 'http.request', 'Send report', [1, 0], { method: 'POST', url: `${sink.url}/report` }, { retry: once }),
    ],
    ['start -> send', 'clock -> send'],
  )
}

async function signedIn(browser: Browser, as = cookie, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  await giveSession(page, url, as)
  return page
}

test('a schedule is opened, changed and saved, and shows what it is now', async ({ browser }) => {
  const { id } = await api.schedules.create.mutate({
    workflowId,
    name: 'Evening report',
    cron: '0 18 * * *',
    timeZone: 'Europe/Berlin',
    input: { day: 'today' },
  })
  const page = await signedIn(browser)
  await page.goto(`${base}/schedules`)
  await page.getByRole('button', { name: 'Actions for Evening report' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog', { name: 'Evening report' })
  await expect(dialog.getByLabel('Rule (cron)')).toHaveValue('0 18 * * *')
  await dialog.getByLabel('Name').fill('Late report')
  await dialog.getByLabel('Rule (cron)').fill('30 21 * * 1-5')
  // A key at a time: what stands there meanwhile is no zone.
  await dialog.getByLabel('Time zone').click()
  await page.keyboard.type('Asia/To')
  await expect(dialog.getByLabel('Rule (cron)')).toHaveValue('30 21 * * 1-5')
  await page.keyboard.type('kyo')
  await dialog.getByLabel('If the last one still runs').click()
  await page.getByRole('option', { name: 'Start anyway' }).click()
  await dialog.getByLabel('Input').fill('')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)

  const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'Late report', exact: true }) })
  await expect(row).toContainText('At 21:30, Monday through Friday')
  await expect(row).toContainText('Tokyo')
  await expect(row).toContainText('start anyway')
  await row.getByRole('button', { name: 'Late report', exact: true }).click()
  const again = page.getByRole('dialog', { name: 'Late report' })
  await expect(again.getByLabel('Rule (cron)')).toHaveValue('30 21 * * 1-5')
  await expect(again.getByLabel('Time zone')).toHaveValue('Asia/Tokyo')
  await expect(again.getByLabel('Input')).toHaveValue('')
  const { items } = await api.schedules.list.query({})
  expect(items.find((one) => one.id === id)).toMatchObject({ cron: '30 21 * * 1-5', timeZone: 'Asia/Tokyo', overlap: 'start', input: null })
  await page.context().close()
})

test('a schedule is paused with a reason, which Home shows until it goes on', async ({ browser }) => {
  await api.schedules.create.mutate({ workflowId, name: 'Month end', cron: '0 6 1 * *', timeZone: 'Europe/Berlin' })
  const page = await signedIn(browser)
  await page.goto(`${base}/schedules`)
  await page.getByRole('button', { name: 'Actions for Month end' }).click()
  await page.getByRole('menuitem', { name: /^Pause, with a reason/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Pause Month end' })
  await dialog.getByRole('button', { name: 'Pause schedule' }).click()
  await expect(dialog.getByText('Say why')).toBeVisible()
  await dialog.getByLabel('Reason').fill('The books are closed until Monday.')
  await dialog.getByRole('button', { name: 'Pause schedule' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByText('paused: The books are closed until Monday.')).toBeVisible()
  await page.goto(base)
  const item = page.getByRole('listitem').filter({ hasText: 'does not start while it is paused: The books are closed until Monday.' })
  await item.getByRole('link', { name: 'See schedule' }).click()
  await page.getByRole('dialog', { name: 'Month end' }).getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('switch', { name: 'Month end is on' }).click()
  await expect(page.getByText('paused: The books')).toHaveCount(0)
  await page.goto(base)
  await expect(page.getByText('Needs attention')).toBeVisible()
  await expect(item).toHaveCount(0)
  await page.context().close()
})

test('a credential is opened, renamed and given other hosts, which asks for its secret again', async ({ browser }) => {
  await api.credentials.create.mutate({
    name: 'Team books',
    type: 'http.bearer',
    settings: {},
    secret: { token: 'books-token-1' },
    allowedHosts: ['books.example.com'],
  })
  const page = await signedIn(browser)
  await page.goto(`${base}/credentials`)
  await page.getByRole('button', { name: 'Team books' }).first().click()
  await page.getByRole('dialog', { name: 'Team books' }).getByRole('button', { name: 'Edit' }).click()
  const form = page.getByRole('dialog', { name: 'Team books' })
  await form.getByLabel('Name').fill('Finance books')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form).toHaveCount(0)
  const row = page.getByRole('row').filter({ hasText: 'Finance books' })
  await expect(row).toContainText('books.example.com')
  await expect(row).not.toContainText('secret missing')

  await page.getByRole('button', { name: 'Actions for Finance books' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  const other = page.getByRole('dialog', { name: 'Finance books' })
  await other.getByLabel('Allowed hosts').fill('ledger.example.com')
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The secret was cleared')).toBeVisible()
  await expect(row).toContainText('secret missing')
  await expect(row).toContainText('ledger.example.com')

  await row.getByRole('button', { name: 'Finance books', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Enter the secret again' }).click()
  await other.getByLabel('Token').fill('books-token-2')
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(row).not.toContainText('secret missing')
  await page.context().close()
})

test('many dead letters of one cause are run again together', async ({ browser }) => {
  broken = true
  const failed = await Promise.all(
    Array.from({ length: 5 }, (_, index) => api.runs.start.mutate({ workflowId, input: { order: index + 1 } })),
  )
  for (const { runId } of failed) expect(await settled(api, runId)).toBe('failed')
  broken = false
  const page = await signedIn(browser)
  await page.goto(`${base}/dead-letters`)
  await expect(page.getByText('5 open in 1 group')).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Open' })).toHaveText('Open5')
  await expect(page.getByRole('tab', { name: 'Discarded' })).toHaveText('Discarded0')
  const search = page.getByRole('searchbox', { name: 'Search errors, inputs, order numbers' })
  await search.fill('nothing like it')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await search.fill('"order": 3')
  await expect(page.getByText('1 open in 1 group')).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Open' })).toHaveText('Open1')
  await expect(page).toHaveURL(/search=/)
  await page.getByRole('button', { name: /answered 500/ }).click()
  await page.getByRole('button', { name: 'Run the one found again' }).click()
  await expect(page.getByRole('dialog', { name: 'Run 1 again' })).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: /answered 500/ }).click()
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(page.getByText('5 open in 1 group')).toBeVisible()
  await page.getByRole('button', { name: /answered 500/ }).click()
  // Each says which run it is, and leads to what is to be repaired.
  await page.getByRole('button', { name: /order 3/ }).click()
  await expect(page.getByRole('dialog').getByRole('link', { name: 'Open the step' })).toHaveAttribute(
    'href',
    /\/workflows\/wf_\w+\?node=\w+/,
  )
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

  // Two that were chosen, then the rest of the group.
  for (const index of [0, 1]) await page.getByRole('checkbox', { name: 'Select row' }).nth(index).check()
  await page.getByRole('toolbar', { name: '2 selected' }).getByRole('button', { name: 'Run again' }).click()
  const drawer = page.getByRole('dialog', { name: 'Run 2 again' })
  await expect(drawer.getByText('Effects that happen')).toBeVisible()
  await drawer.getByRole('button', { name: 'Run all 2 again' }).click()
  await expect(page.getByText('2 runs were started')).toBeVisible()
  await expect(page.getByText('3 open in 1 group')).toBeVisible()

  await page.getByRole('button', { name: 'Run all 3 again' }).click()
  await page.getByRole('dialog', { name: 'Run 3 again' }).getByRole('button', { name: 'Run all 3 again' }).click()
  await expect(page.getByText('3 runs were started')).toBeVisible()
  await expect(page.getByText('No dead letters')).toBeVisible()
  await page.getByRole('tab', { name: 'Resolved' }).click()
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(6)

  await page.goto(`${base}/audit`)
  await expect(page.getByRole('row').filter({ hasText: 'Ran the dead letter of Send report again' })).toHaveCount(5)
  await page.context().close()
})

test('a template asks for what it wants: a provider made on the spot, who decides, and when it starts', async ({ browser }) => {
  const page = await signedIn(browser)
  await page.goto(`${base}/marketplace/lead-triage`)
  await expect(page.getByLabel(/^Model: /)).toHaveCount(0)
  await page.getByRole('button', { name: 'New credential' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New credential' })
  await dialog.getByLabel('Name').fill('Lead models')
  await dialog.getByLabel('Base URL').fill('https://models.example.com/v1')
  await dialog.getByLabel('Models').fill('large\nsmall')
  await dialog.getByLabel('API key').fill('sk-practice-key')
  await dialog.getByRole('button', { name: 'Create credential' }).click()
  await expect(dialog).toHaveCount(0)
  await page.getByLabel(/^Model: /).click()
  await page.getByRole('option', { name: 'large' }).click()
  await page.getByRole('button', { name: 'Import template' }).click()
  await page.waitForURL('**/workflows/wf_*')

  await page.goto(`${base}/marketplace/invoice-approval`)
  await page
    .getByRole('group', { name: /Who may decide/ })
    .getByText('Maya Lindgren')
    .click()
  await page.getByRole('button', { name: 'Import template' }).click()
  await page.waitForURL('**/workflows/wf_*')

  await page.goto(`${base}/marketplace/nightly-report`)
  await page.getByLabel(/^Starts by the clock/).click()
  await page.getByRole('option', { name: /^At these times/ }).click()
  await page.getByLabel('Rule (cron)').fill('45 22 * * *')
  await expect(page.getByText('At 22:45')).toBeVisible()
  await page.getByRole('button', { name: 'Import template' }).click()
  await page.waitForURL('**/workflows/wf_*')

  const graphs = []
  for (const { id } of (await api.workflows.list.query({ limit: 3, sort: 'created' })).items)
    graphs.push((await api.workflows.get.query({ workflowId: id })).draft.graph)
  const params = graphs.flatMap((graph) => graph.nodes.map((node) => node.params))
  expect(params).toContainEqual(expect.objectContaining({ credential: expect.stringMatching(/^cred_/), model: 'large' }))
  expect(params).toContainEqual(expect.objectContaining({ assignees: [expect.stringMatching(/^usr_/)] }))
  expect((await api.schedules.list.query({ search: 'night' })).items).toMatchObject([{ cron: '45 22 * * *', workflow: { live: false } }])
  await page.context().close()
})

test('who may not read the audit sees only that', async ({ browser }) => {
  const { url: link } = await api.people.invite.mutate({ email: 'vera@northwind.example', role: 'viewer' })
  const password = 'a lantern over quiet water'
  await millraceClient({ url }).people.acceptInvitation.mutate({ token: link.split('/').at(-1) ?? '', name: 'Vera Nowak', password })
  const page = await signedIn(browser, await signIn(url, { email: 'vera@northwind.example', password }))
  await page.goto(`${base}/audit`)
  await expect(page.getByRole('heading', { name: 'This page is not open to your role' })).toBeVisible()
  await expect(page.getByText(/^Your role in Manage .* is Viewer/)).toBeVisible()
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
  await page.context().close()
})

test('what an API key did can be told from what people did, also when it is revoked', async ({ browser }) => {
  const { id: apiKeyId, token } = await api.apiKeys.create.mutate({ name: 'Nightly deploy', role: 'builder' })
  const put = await fetch(`${url}/api/v1/variables/by_deploy`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ value: 1 }),
  })
  expect(put.status).toBe(200)
  await api.apiKeys.revoke.mutate({ apiKeyId })
  const page = await signedIn(browser)
  await page.goto(`${base}/audit`)
  await page.getByRole('button', { name: /^Who/ }).click()
  await page.getByText('Nightly deploy (API key)').click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('table').getByText('by_deploy')).toBeVisible()
  await expect(page.getByRole('table').getByText('Published version 1')).toHaveCount(0)
  await expect(page).toHaveURL(/actor=key_/)
  await page.context().close()
})

test('runs and the audit are lists on a phone', async ({ browser }) => {
  expect(await settled(api, (await api.runs.start.mutate({ workflowId })).runId)).toBe('succeeded')
  const page = await signedIn(browser, cookie, { viewport: { width: 390, height: 844 } })
  await page.goto(`${base}/runs`)
  const run = page.getByRole('list', { name: 'Runs' }).getByRole('listitem').first()
  await expect(run).toContainText('Evening report')
  await run.getByText('Succeeded').click()
  await page.waitForURL('**/runs/run_*')
  await page.goto(`${base}/audit`)
  const act = page.getByRole('list', { name: 'Audit' }).getByRole('listitem').filter({ hasText: 'Published version 1 of Evening report' })
  await act.getByRole('button', { name: 'Details' }).click()
  await expect(act).toContainText('workflow.publish')
  await act.getByRole('link', { name: 'Evening report' }).click()
  await page.waitForURL('**/workflows/wf_*')
  await page.goto(`${base}/schedules`)
  const [earlier, later] = await Promise.all(['Earlier', 'Later'].map((name) => page.getByRole('button', { name }).boundingBox()))
  expect(earlier?.y).toBe(later?.y)
  await page.context().close()
})
