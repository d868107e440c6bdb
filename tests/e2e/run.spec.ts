import { expect, type Page, test } from '@playwright/test'
import { canvasDriver } from '../support/canvas-driver'
import { faultsForAssistiveTechnology } from '../support/faults-for-assistive-technology'
import { type HttpSink, startHttpSink } from '../support/http-sink'
import { inInstanceDatabase } from '../support/instance-database'
import { asOwner, giveSession, type Signed } from '../support/owner'
import { graphOf, idOf } from '../support/plan-of'

/** What happened in a run, on the built product. */
let signed: Signed
let page: Page
let errors: string[]
let sink: HttpSink

test.beforeAll(async ({ browser, baseURL }) => {
  const url = baseURL as string
  signed = await asOwner(url)
  sink = await startHttpSink({
    onRequest: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('{ "taken": true }')
    },
  })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  page = await context.newPage()
  page.setDefaultTimeout(30_000)
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

const manual = { type: 'trigger.manual', title: 'Start' }
const set = (name: string, value: string) => ({ type: 'data.set', params: { fields: [{ name, value }] } })

async function publish(drawing: string, sketches: Parameters<typeof graphOf>[1]) {
  const { id } = await signed.api.workflows.create.mutate({
    name: `Run ${Date.now().toString(36)} ${Math.random().toString(36).slice(2, 6)}`,
    graph: graphOf(drawing, sketches) as never,
  })
  await signed.api.workflows.publish.mutate({ workflowId: id, note: '' })
  return id
}

async function runAndOpen(workflowId: string, input: unknown, status = 'succeeded') {
  const ends = status !== 'waiting'
  const { runId } = await signed.api.runs.start.mutate({ workflowId, input: input as never, ...(ends ? { waitSeconds: 20 } : {}) })
  await page.goto(`/o/${signed.slug}/runs/${runId}`)
  await expect(page.getByTestId('run')).toHaveAttribute('data-status', status, { timeout: 30_000 })
  return runId
}

const lanes = () => page.getByRole('listbox', { name: 'Steps' })
const lane = (path: string) => page.locator(`[data-step="${path}"]`)
const panel = () => page.getByTestId('step-panel')
const clean = async () => expect(await faultsForAssistiveTechnology(page)).toEqual([])

test('a run that a step started opens in place, and one goes back to the step', async () => {
  const child = await publish('begin -> shape', {
    begin: { type: 'trigger.sub_workflow', title: 'Called' },
    shape: { ...set('n', '1'), title: 'Shape' },
  })
  const parent = await publish('start -> sub -> after', {
    start: manual,
    sub: { type: 'flow.sub_workflow', title: 'Charge the card', params: { workflow: child } },
    after: { ...set('done', 'yes'), title: 'After' },
  })
  const runId = await runAndOpen(parent, {})
  await lane(idOf('sub')).click()
  await expect(lane(idOf('sub')).locator('[data-wait="child"]')).toHaveCount(1)
  await panel().getByRole('list', { name: 'Started' }).getByRole('button', { name: 'Open here' }).click()
  const trail = page.getByRole('navigation', { name: 'Where this run stands' })
  await expect(trail).toBeVisible()
  await expect(lane(idOf('shape'))).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`${runId}\\?in=run_`))
  await clean()
  await page.reload()
  await expect(lane(idOf('shape'))).toBeVisible()
  await trail.getByRole('button', { name: /^Back to/ }).click()
  await expect(trail).toHaveCount(0)
  await expect(lane(idOf('sub'))).toHaveAttribute('aria-selected', 'true')
  await lanes().press('Enter')
  await expect(lane(idOf('shape'))).toBeVisible()
  await page.goBack()
  await expect(lane(idOf('sub'))).toBeVisible()
})

test('the timeline is zoomed and walked by keys, and shows a wait as a wait', async () => {
  const workflow = await publish('start -> wait -> after', {
    start: manual,
    wait: { type: 'flow.wait', title: 'Wait a moment', params: { mode: 'for', durationMs: 1_500 } },
    after: { ...set('done', 'yes'), title: 'After' },
  })
  await runAndOpen(workflow, {})
  await expect(lane(idOf('wait')).locator('[data-wait="time"]')).toContainText('waited 1.')
  await lanes().focus()
  await page.keyboard.press('Home')
  await expect(lane(idOf('start'))).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(lane(idOf('after'))).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('z')
  const part = page.getByRole('scrollbar', { name: 'Part of the timeline' })
  await expect(part).toBeVisible()
  await page.keyboard.press('ArrowUp')
  await expect(lane(idOf('wait'))).toHaveAttribute('aria-selected', 'true')
  await clean()
  await page.keyboard.press('0')
  await expect(part).toHaveCount(0)
  await lanes().hover({ position: { x: 700, y: 20 } })
  await page.keyboard.down('Control')
  await page.mouse.wheel(0, -400)
  await page.keyboard.up('Control')
  await expect(part).toBeVisible()
})

test('each step of a run shows what came in, what went out, its attempts with how long they took, and what it logged', async () => {
  const workflow = await publish('start -> count -> after', {
    start: manual,
    count: {
      type: 'code.javascript',
      title: 'Count the stock',
      params: {
        values: { stock: '{{ input.stock }}' },
        source: `console.log('counting', { shelf: 'A7' })\nconsole.warn('two are missing')\nfor (let n = 1; n <= 12; n++) console.debug('shelf ' + n)\nreturn { left: values.stock - 2 }`,
      },
    },
    after: { ...set('done', 'yes'), title: 'After' },
  })
  await runAndOpen(workflow, { stock: 42 })
  await lane(idOf('count')).click()
  const tab = async (name: string) => {
    await panel().getByRole('tab', { name, exact: true }).click()
    return panel().getByRole('tabpanel', { name, exact: true })
  }
  await expect(await tab('Input')).toContainText('"stock": 42')
  await expect(await tab('Output')).toContainText('40')
  await expect(await tab('Attempts')).toContainText(/Try 1.*Succeeded.* m?s/s)
  const logs = await tab('Logs')
  const lines = logs.getByRole('listitem')
  await expect(lines).toHaveCount(14)
  await expect(lines.first()).toHaveText(/^Info\+\d+ mscounting {"shelf":"A7"}$/)
  await expect(lines.nth(1)).toHaveText(/^Warning\+\d+ mstwo are missing$/)
  await clean()
  // By keyboard alone: the full time of a line, one level, one line, all again.
  await logs.getByRole('button', { name: 'Times of day' }).press('Enter')
  await expect(lines.first()).toHaveText(/^Info\d\d:\d\d:\d\d\.\d{3}counting/)
  await logs.getByRole('button', { name: /^Level/ }).press('Enter')
  await page.getByRole('button', { name: 'Debug 12' }).press('Enter')
  await page.keyboard.press('Escape')
  await expect(lines).toHaveCount(12)
  await logs.getByRole('searchbox', { name: 'Search the logs' }).pressSequentially('shelf 12')
  await expect(lines).toHaveCount(1)
  await expect(logs).toContainText('1 of 14 lines')
  await clean()
  await lane(idOf('after')).click()
  await expect(await tab('Logs')).toHaveText('The step wrote no logs.')
})

test('a loop has a grid of its iterations, and each opens what it did', async () => {
  const workflow = await publish('start -> loop -> after', {
    start: manual,
    loop: { type: 'flow.for_each', title: 'For each order line', params: { items: '{{ input.lines }}', onItemError: 'skip' } },
    divide: {
      type: 'code.javascript',
      title: 'Reserve stock',
      parent: 'loop',
      params: { source: 'if (input.n === 17) throw new Error("sold out"); return { n: input.n }' },
      settings: { retry: { attempts: 1 } },
    },
    after: { ...set('count', '{{ input.length }}'), title: 'After' },
  })
  await runAndOpen(workflow, { lines: Array.from({ length: 300 }, (_, n) => ({ n })) })
  await lane(idOf('loop')).click()
  const grid = panel().getByRole('grid', { name: 'Iterations' })
  await expect(panel().getByTestId('iterations')).toContainText('300 of 300 done · 1 failed')
  await expect(grid.locator('[data-look="failed"]')).toHaveCount(1)
  const divide = (item: number) => `${idOf('loop')}/${item}/${idOf('divide')}`
  // Without being asked, the item that failed is the one shown.
  await expect(lane(divide(17))).toBeVisible()
  await grid.locator('[data-iteration="4"]').click()
  await expect(lane(divide(4))).toBeVisible()
  await expect(lane(divide(17))).toHaveCount(0)
  await grid.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(lane(divide(5))).toBeVisible()
  await panel().getByRole('button', { name: 'Next that needs somebody' }).click()
  await lane(divide(17)).click()
  await expect(panel()).toContainText('For each order line · item 18 of 300')
  await expect(panel()).toContainText('sold out')
  await clean()
  await panel().getByRole('button', { name: 'Item after' }).click()
  await expect(panel()).toContainText('item 19 of 300')
  await expect(panel().getByRole('heading', { name: 'Reserve stock' })).toBeVisible()
  await expect(page.getByTestId('canvas')).toContainText('300 of 300 done')
  await page.reload()
  await expect(lane(divide(18))).toHaveAttribute('aria-selected', 'true')
})

test('a loop of 100,000 iterations has its whole grid without loading them all', async () => {
  const workflow = await publish('start -> loop', {
    start: manual,
    loop: { type: 'flow.for_each', title: 'For each order line', params: { items: '{{ input.lines }}' } },
    work: { ...set('n', '{{ index }}'), title: 'Count', parent: 'loop' },
  })
  const { runId } = await signed.api.runs.start.mutate({ workflowId: workflow, input: { lines: [0] }, waitSeconds: 20 })
  // A run of one item becomes one of 100,000, of which one failed: its other rows are made of the first.
  await inInstanceDatabase(async (sql) => {
    const id = runId.slice('run_'.length)
    const path = `${idOf('loop')}/0/${idOf('work')}`
    await sql`insert into run_steps (organization_id, run_id, path, attempt, status, port, output, error, epoch, seq, started_at, duration_us)
      select s.organization_id, s.run_id, ${idOf('loop')} || '/' || n || '/' || ${idOf('work')}, 1,
        case when n = 77777 then 'failed' else 'succeeded' end, case when n <> 77777 then 'main' end, jsonb_build_object('n', n), null, s.epoch, s.seq, s.started_at, 100
      from run_steps s cross join generate_series(1, 99999) n where s.run_id = ${id} and s.path = ${path}`
    await sql`update run_steps set input = jsonb_build_object('items', 100000) where run_id = ${id} and path = ${idOf('loop')}`
    await sql`analyze run_steps`
  })
  let bytes = 0
  let asked = 0
  const count = async (response: import('@playwright/test').Response) => {
    if (!response.url().includes('runs.iterations')) return
    asked += 1
    bytes += (await response.body().catch(() => Buffer.alloc(0))).length
  }
  page.on('response', count)
  await page.goto(`/o/${signed.slug}/runs/${runId}`, { timeout: 60_000 })
  await lane(idOf('loop')).click({ timeout: 30_000 })
  await expect(panel().getByTestId('iterations')).toContainText('100,000 of 100,000 done', { timeout: 30_000 })
  const grid = panel().getByRole('grid', { name: 'Iterations' })
  // The one that failed is in sight by itself.
  await expect(grid.locator('[data-iteration="77777"]')).toBeVisible()
  await expect(lane(`${idOf('loop')}/77777/${idOf('work')}`)).toBeVisible()
  await panel().getByLabel('Go to item').fill('100000')
  await page.keyboard.press('Enter')
  await grid.locator('[data-iteration="99999"]').click()
  await expect(lane(`${idOf('loop')}/99999/${idOf('work')}`)).toBeVisible()
  await panel().getByRole('button', { name: 'Next that needs somebody' }).click()
  await expect(lane(`${idOf('loop')}/77777/${idOf('work')}`)).toBeVisible()
  expect(await page.locator('*').count()).toBeLessThan(6_000)
  expect(asked).toBeLessThanOrEqual(12)
  expect(bytes).toBeLessThan(2_000_000)
  page.off('response', count)
})

test('a step that waits is given its result, and what follows reads a variable that was made on its page', async () => {
  const name = `rate_${Date.now().toString(36)}`
  await page.goto(`/o/${signed.slug}/settings?tab=variables`)
  await page.getByRole('button', { name: 'New variable' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByLabel('Value', { exact: true }).fill('19')
  await clean()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText(`vars.${name}`)).toBeVisible()
  const workflow = await publish('start -> wait -> after', {
    start: manual,
    wait: { type: 'flow.wait', title: 'Wait for the truck', params: { durationMs: 3_600_000 } },
    after: { ...set('sum', `{{ input.weight + vars.${name} }}`), title: 'After' },
  })
  await runAndOpen(workflow, {}, 'waiting')
  await lane(idOf('wait')).click()
  await panel().getByRole('button', { name: 'Set the result' }).click()
  const given = page.getByRole('dialog', { name: 'Set the result of Wait for the truck' })
  await clean()
  await given.getByRole('textbox', { name: 'Result', exact: true }).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText('{ "weight": 23 }')
  await given.getByLabel('Why').fill('the truck is here')
  await given.getByRole('button', { name: 'Set and go on' }).click()
  await expect(page.getByTestId('run')).toHaveAttribute('data-status', 'succeeded', { timeout: 30_000 })
  await expect(panel()).toContainText('gave this result by hand: the truck is here')
  await lane(idOf('after')).click()
  await expect(panel()).toContainText('42')
})

test('a run is paused, resumed and cancelled, and says who did it and why', async () => {
  const workflow = await publish('start -> wait -> after', {
    start: manual,
    wait: { type: 'flow.wait', title: 'Wait for the truck', params: { durationMs: 3_600_000 } },
    after: { ...set('done', 'yes'), title: 'After' },
  })
  await runAndOpen(workflow, {}, 'waiting')
  const act = async (name: string, confirm: string, why: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    const dialog = page.getByRole('dialog', { name: new RegExp(`^${name} run `) })
    await dialog.getByLabel('Why').fill(why)
    await clean()
    await dialog.getByRole('button', { name: confirm }).click()
    await expect(dialog).toHaveCount(0)
  }
  await act('Pause', 'Pause the run', 'stock-taking')
  await expect(page.getByText(/^Paused by .+: stock-taking$/)).toBeVisible()
  await act('Resume', 'Resume the run', 'all is counted')
  await expect(page.getByText(/^Paused by/)).toHaveCount(0)
  await act('Cancel', 'Cancel the run', 'sent twice')
  await expect(page.getByTestId('run')).toHaveAttribute('data-status', 'cancelled', { timeout: 30_000 })
  await expect(page.getByText(/asked to cancel it: sent twice$/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Cancel', exact: true })).toHaveCount(0)
})

test('a run is replayed from a step with other input and version, after what is reused and what happens again was named, and runs again', async () => {
  const driver = canvasDriver(page)
  const draw = (word: string) =>
    graphOf('start -> shape -> send -> after', {
      start: manual,
      shape: { ...set('n', '{{ input.n }}'), title: 'Shape' },
      send: {
        type: 'http.request',
        title: 'Reserve stock',
        params: { method: 'POST', url: `${sink.url}/reserve`, bodyMode: 'fields', bodyFields: [{ name: 'n', value: '{{ input.n }}' }] },
      },
      after: { ...set('word', word), title: 'After' },
    })
  const { id } = await signed.api.workflows.create.mutate({ name: `Replay ${Date.now().toString(36)}`, graph: draw('one') as never })
  await signed.api.workflows.publish.mutate({ workflowId: id, note: '' })
  const first = await runAndOpen(id, { n: 1 })
  const { draft } = await signed.api.workflows.get.query({ workflowId: id })
  const fields = (value: string) => [{ name: 'word', value }]
  await signed.api.drafts.applyOperations.mutate({
    workflowId: id,
    baseRevision: draft.revision,
    clientId: 'somebody',
    operations: [
      {
        opId: 'change-word',
        operation: { kind: 'setParam', nodeId: idOf('after'), path: ['fields'], before: fields('one'), after: fields('two') } as never,
      },
    ],
  })
  await signed.api.workflows.publish.mutate({ workflowId: id, note: '' })
  await page.reload()
  await page.getByRole('button', { name: 'Replay from a step' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Replay' })
  await driver.choose(dialog, 'From', 'Reserve stock')
  await driver.choose(dialog, 'Version', 'v2')
  const plan = dialog.getByTestId('replay-plan')
  await expect(plan).toContainText('1 taken over')
  await expect(plan).toContainText('1 effect happens')
  await expect(plan).toContainText('done a second time')
  await clean()
  expect(sink.requests).toHaveLength(1)
  await dialog.getByText('Change what comes into Reserve stock first').click()
  await driver.write(dialog, 'Input of Reserve stock', '{ "n": 5 }')
  await dialog.getByRole('button', { name: 'Replay', exact: true }).click()
  await page.waitForURL((at) => at.pathname.includes('/runs/run_') && !at.pathname.endsWith(first))
  await expect(page.getByTestId('run')).toHaveAttribute('data-status', 'succeeded', { timeout: 30_000 })
  expect(sink.requests.map(({ body }) => JSON.parse(String(body)))).toEqual([{ n: 1 }, { n: 5 }])
  await lane(idOf('after')).click()
  await expect(panel()).toContainText('two')
  await expect(driver.card('Shape')).toContainText('Reused')
  await lane(idOf('send')).click()
  await panel().getByRole('button', { name: 'Use as test data' }).click()
  await expect(page.getByText('Pinned in the draft: tests use this output')).toBeVisible()
  const again = page.url()
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.waitForURL((at) => at.pathname.includes('/runs/run_') && at.href !== again)
  await expect(page.getByTestId('run')).toHaveAttribute('data-status', 'succeeded', { timeout: 30_000 })
  await page.goto(`/o/${signed.slug}/workflows/${id}`)
  await expect(driver.card('Reserve stock').locator('[data-flag="pinned"]')).toBeVisible()
})
