import type { Page } from '@playwright/test'
import type { Graph, Json } from '@/workflows/graph/schema'
import { drawGraph, note, step } from '@/workflows/templates/draw-graph'
import { eventually } from './eventually'
import { type Millrace, millraceClient } from './millrace-client'
import type { ModelReply, ScriptedModelServer } from './scripted-model-server'

export interface Work {
  /** Order intake: two versions, one change and one problem in its draft. */
  workflowId: string
  /** Waits for a person. */
  runId: string
  /** Its agent has called two tools and answered. */
  agentRunId: string
  failedRunId: string
  /** Waits for its next try. */
  retryingRunId: string
  taskId: string
  deadLetterId: string
  templateSlug: string
  /** A workflow without a node. */
  blankId: string
}

const model = 'scripted-large'

/**
 * Puts real work into the organization that `page` is signed in to, through the procedures that the screens use. `server` must be at a host
 * that the instance may reach (MILLRACE_ALLOWED_HOSTS).
 */
export async function fillWithWork(page: Page, base: string, server: ScriptedModelServer): Promise<Work> {
  const { origin, pathname } = new URL(base)
  const slug = pathname.split('/')[2]
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const { items } = await millraceClient({ url: origin, cookie }).organizations.mine.query()
  const organization = items.find((one) => one.slug === slug)
  if (!organization) throw new Error(`there is no organization ${slug}`)
  const api = millraceClient({ url: origin, cookie, organizationId: organization.id })

  server.follow(creditAnalyst)
  const { id: credential } = await api.credentials.create.mutate({
    name: 'Team models',
    type: 'model.openai',
    settings: { baseUrl: server.baseUrl, models: [model, 'scripted-small'] },
    secret: { apiKey: 'sk-practice-key' },
  })
  const { currency } = await api.organizations.get.query()
  await api.modelPrices.set.mutate({ model, inputMicros: 2_500_000, outputMicros: 10_000_000, currency })
  await api.variables.set.mutate({ name: 'credit_limit', value: 5_000 })
  await api.people.invite.mutate({ email: 'li@northwind.example', role: 'operator' })
  await api.people.invite.mutate({ email: 'sam@northwind.example', role: 'builder' })

  const intake = await api.workflows.create.mutate({
    name: 'Order intake',
    description: 'Takes orders from the shop, checks stock and credit, and asks finance about the large ones.',
    graph: orderIntake(credential, 4_000) as unknown as Json,
  })
  await publish(api, intake.id, 'First version, agreed with sales.')
  await replaceGraph(api, intake.id, orderIntake(credential, 5_000))
  await publish(api, intake.id, 'Credit limit raised to 5,000.')
  const orders = await hookOf(api, intake.id)
  for (const [index, total] of [480, 1_290, 75, 2_350, 990, 3_120].entries()) await order(orders, 20_410 + index, total)
  const agentRunId = await order(orders, 20_416, 6_400)
  await decide(api, agentRunId, 'approved', 'Known customer, pays in time.')
  const declined = await order(orders, 20_417, 22_000)
  await decide(api, declined, 'declined', 'Too much for a first order.')
  const runId = await order(orders, 20_418, 12_480)
  const taskId = await openTask(api, runId)
  const failures = []
  for (const [index, sku] of ['STOOL-09', 'STOOL-09', 'STOOL-09'].entries()) failures.push(await order(orders, 20_420 + index, 310, sku))
  await replaceGraph(api, intake.id, orderIntake(credential, 5_000, { unfinished: true }))

  const sync = await published(api, 'Invoice sync', 'Writes paid invoices to the books every night.', invoiceSync())
  const stock = await published(api, 'Stock levels to shop', 'Tells the shop what is in stock.', stockLevels())
  await api.schedules.create.mutate({
    workflowId: sync,
    name: 'Nightly invoice sync',
    cron: '0 2 * * *',
    timeZone: 'Europe/Berlin',
    input: { day: 'yesterday' },
  })
  const hourly = await api.schedules.create.mutate({
    workflowId: stock,
    name: 'Stock levels to shop',
    cron: '0 * * * *',
    timeZone: 'Europe/Berlin',
  })
  const paused = await api.schedules.create.mutate({
    workflowId: sync,
    name: 'Month-end run',
    cron: '30 6 1 * *',
    timeZone: 'Europe/Berlin',
  })
  await api.schedules.pause.mutate({ scheduleId: paused.id, reason: 'The books are closed until Monday.' })
  for (let fires = 0; fires < 3; fires++) await api.schedules.fireNow.mutate({ scheduleId: hourly.id })
  const invoices: string[] = []
  for (const code of [200, 503, 401]) invoices.push((await api.runs.start.mutate({ workflowId: sync, input: { code } })).runId)
  const retrying = await published(api, 'Warehouse pickup', 'Books the courier for the evening.', pickup())
  const { runId: retryingRunId } = await api.runs.start.mutate({ workflowId: retrying })

  const { workflowId: leads } = await api.templates.import.mutate({ slug: 'lead-triage', name: 'Lead routing' })
  await publish(api, leads, '')
  await api.runs.start.mutate({
    workflowId: leads,
    input: { name: 'Ada Brook', company: 'Ocean Tools', message: 'We need 40 seats, urgently.' },
    waitSeconds: 20,
  })
  await api.templates.import.mutate({ slug: 'invoice-approval', name: 'Supplier invoices' })
  const { id: blankId } = await api.workflows.create.mutate({ name: 'Returns' })

  for (const failed of [...failures, ...invoices]) await settled(api, failed)
  await eventually(
    'a try that waits for the next',
    async () => (await api.runs.get.query({ runId: retryingRunId })).waitingFor?.kind === 'retry',
  )
  const failedRunId = failures[0] as string
  const deadLetterId = (await api.runs.get.query({ runId: failedRunId })).deadLetterId
  if (!deadLetterId) throw new Error('the failed run opened no dead letter')
  return {
    workflowId: intake.id,
    runId,
    agentRunId,
    failedRunId,
    retryingRunId,
    taskId,
    deadLetterId,
    templateSlug: 'lead-triage',
    blankId,
  }
}

/** Calls both tools, then answers with a risk that follows from the amount. */
function creditAnalyst(body: Record<string, unknown>): ModelReply {
  const messages = (body.messages ?? []) as { role: string; content?: unknown }[]
  const tools = ((body.tools ?? []) as { function: { name: string; parameters: { properties?: object } } }[]).map((tool) => tool.function)
  if (messages.some(({ role }) => role === 'tool') || tools.length === 0) {
    const total = Number(/total of ([\d.]+)/.exec(JSON.stringify(messages))?.[1] ?? 0)
    const risk = total > 15_000 ? 'high' : 'low'
    const answer = {
      risk,
      reason:
        risk === 'high'
          ? 'The order is larger than everything bought so far.'
          : 'Pays within 14 days and bought in each of the last four quarters.',
    }
    return { say: JSON.stringify(answer), usage: { input: 2_140, output: 96 } }
  }
  const fill = (parameters: { properties?: object }) =>
    JSON.stringify(Object.fromEntries(Object.keys(parameters.properties ?? {}).map((name) => [name, 'Quayside Office'])))
  return { call: tools.map(({ name, parameters }) => ({ name, arguments: fill(parameters) })), usage: { input: 1_480, output: 58 } }
}

function orderIntake(credential: string, limit: number, { unfinished = false } = {}): Graph {
  return drawGraph(
    [
      step('new_order', 'trigger.webhook', 'New order', [0, 0], { respond: 'respond-node' }),
      note(
        'limit_note',
        `**Credit limit**\n€${limit.toLocaleString('en-US')} agreed with finance. Look at it again each quarter.`,
        [0, 0.9],
        { width: 208, height: 88 },
      ),
      step('within_limit', 'flow.if', 'Within credit limit?', [1, 0], {
        conditions: [{ left: '{{ trigger.body.total }}', operator: 'less_or_equal', right: String(limit) }],
      }),
      step('assess', 'ai.agent', 'Assess credit risk', [2, 0.9], {
        credential,
        model,
        instructions: 'You assess the credit risk of a customer. Look at the bureau and at past payments before you answer.',
        input: '{{ trigger.body.customer }} orders for a total of {{ trigger.body.total }}.',
        responseSchema: {
          type: 'object',
          required: ['risk', 'reason'],
          properties: { risk: { enum: ['low', 'high'] }, reason: { type: 'string' } },
        },
      }),
      step('bureau', 'http.request', 'Credit bureau', [1.8, 2.2], {
        url: '{{ run.baseUrl }}/practice/companies',
        query: { name: "{{ $ai('company', 'Name of the company', 'text') }}" },
      }),
      step('payments', 'code.javascript', 'Payment history', [2.6, 2.2], {
        source:
          'const paid = [12, 9, 14, 11]\nreturn { company: values.company, invoices: paid.length, days: paid.reduce((a, b) => a + b) / paid.length }',
        values: { company: "{{ $ai('company', 'Name of the company', 'text') }}" },
      }),
      step('approve', 'people.approval', 'Finance approves', [3, 0.9], {
        title: 'Accept order {{ trigger.body.orderId }} of {{ trigger.body.customer }}?',
        description: '{{ steps.assess.answer.reason }}',
        facts: [
          { name: 'Total', value: '€{{ trigger.body.total }}' },
          { name: 'Customer', value: '{{ trigger.body.customer }}' },
          { name: 'Risk', value: '{{ steps.assess.answer.risk }}' },
        ],
        dueInMs: 86_400_000,
      }),
      step('invoice', 'http.request', 'Create invoice', [4, -0.2], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/payments',
        bodyMode: 'fields',
        bodyFields: [
          { name: 'amount', value: '{{ trigger.body.total }}' },
          { name: 'order', value: '{{ trigger.body.orderId }}' },
        ],
      }),
      step('tell_sales', 'http.request', 'Tell sales', [4, 1.6], {
        method: 'POST',
        url: unfinished ? '' : '{{ run.baseUrl }}/practice/messages',
        bodyMode: 'fields',
        bodyFields: [{ name: 'text', value: 'Finance declined {{ trigger.body.orderId }}. {{ input.comment }}' }],
      }),
      step('answer_shop', 'http.respond', 'Answer the shop', [2, 3.6], { status: 202, body: { accepted: '{{ trigger.body.orderId }}' } }),
      step('reserve', 'http.request', 'Reserve stock', [1, 3.6], { url: '{{ run.baseUrl }}/practice/stock/{{ trigger.body.sku }}' }),
      step('record', 'data.set', 'Record line', [3, 3.6], {
        keep: 'only-set',
        fields: [
          { name: 'order', value: '{{ trigger.body.orderId }}' },
          { name: 'product', value: '{{ steps.reserve.body.name }}' },
        ],
      }),
    ],
    [
      'new_order -> within_limit',
      'within_limit.true -> invoice',
      'within_limit.false -> assess -> approve',
      'approve.approved -> invoice',
      'approve.declined -> tell_sales',
      'bureau => assess',
      'payments => assess',
      'new_order -> reserve -> answer_shop -> record',
    ],
  )
}

const impatient = { retry: { attempts: 2, backoff: 'fixed', delayMs: 100, maxDelayMs: 100, jitter: 0, on: ['transient'] } } as const

function invoiceSync(): Graph {
  return drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0], { sample: { code: 200 } }),
      step('clock', 'trigger.schedule', 'Every night', [0, 1]),
      step('orders', 'http.request', 'Paid orders', [1, 0], { url: '{{ run.baseUrl }}/practice/orders' }),
      step(
        'books',
        'http.request',
        'Write to the books',
        [2, 0],
        { url: '{{ run.baseUrl }}/practice/status', query: { code: '{{ trigger.code ?? 200 }}' } },
        { retry: { ...impatient.retry, on: [...impatient.retry.on] } },
      ),
    ],
    ['start -> orders -> books', 'clock -> orders'],
  )
}

function stockLevels(): Graph {
  return drawGraph(
    [
      step('clock', 'trigger.schedule', 'Every hour', [0, 0]),
      step('stock', 'http.request', 'Read stock', [1, 0], { url: '{{ run.baseUrl }}/practice/stock/LAMP-01' }),
      step('shop', 'http.request', 'Tell the shop', [2, 0], {
        method: 'POST',
        url: '{{ run.baseUrl }}/practice/messages',
        bodyMode: 'fields',
        bodyFields: [{ name: 'text', value: '{{ steps.stock.body.name }}: {{ steps.stock.body.available }}' }],
      }),
    ],
    ['clock -> stock -> shop'],
  )
}

function pickup(): Graph {
  return drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0]),
      step(
        'courier',
        'http.request',
        'Book the courier',
        [1, 0],
        { url: '{{ run.baseUrl }}/practice/status', query: { code: '500' } },
        { retry: { attempts: 5, backoff: 'fixed', delayMs: 1_800_000, maxDelayMs: 1_800_000, jitter: 0, on: ['transient'] } },
      ),
      step('label', 'data.set', 'Print the label', [2, 0], { fields: [{ name: 'printed', value: true }] }),
    ],
    ['start -> courier -> label'],
  )
}

export async function published(api: Millrace, name: string, description: string, graph: Graph): Promise<string> {
  const { id } = await api.workflows.create.mutate({ name, description, graph: graph as unknown as Json })
  await publish(api, id, '')
  return id
}

async function publish(api: Millrace, workflowId: string, note: string): Promise<void> {
  const { draft } = await api.workflows.get.query({ workflowId })
  await api.workflows.publish.mutate({ workflowId, revision: draft.revision, note })
}

async function replaceGraph(api: Millrace, workflowId: string, after: Graph): Promise<void> {
  const { draft } = await api.workflows.get.query({ workflowId })
  const { results } = await api.drafts.applyOperations.mutate({
    workflowId,
    baseRevision: draft.revision,
    clientId: 'fill-with-work',
    operations: [{ opId: `replace-${draft.revision}`, operation: { kind: 'replaceGraph', before: draft.graph, after } }],
  })
  if (results.some((result) => !result.ok)) throw new Error(`the draft was refused: ${JSON.stringify(results)}`)
}

export async function hookOf(api: Millrace, workflowId: string): Promise<string> {
  const url = (await api.workflows.get.query({ workflowId })).webhooks[0]?.url
  if (!url) throw new Error('the workflow has no address')
  return url
}

/** Sends an order as the shop would and waits until its run ended or waits; gives the run. */
async function order(hook: string, orderId: number, total: number, sku = 'LAMP-01'): Promise<string> {
  const response = await fetch(hook, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ orderId, customer: 'Quayside Office', total, sku }),
  })
  const runId = response.headers.get('x-millrace-run')
  if (!runId) throw new Error(`order ${orderId} was answered ${response.status} without a run: ${await response.text()}`)
  return runId
}

async function openTask(api: Millrace, runId: string): Promise<string> {
  return eventually(`a task of ${runId}`, async () => (await api.runs.get.query({ runId })).tasks.find((task) => task.state === 'open')?.id)
}

async function decide(api: Millrace, runId: string, decision: 'approved' | 'declined', comment: string): Promise<void> {
  await api.tasks.decide.mutate({ taskId: await openTask(api, runId), decision, comment })
  await settled(api, runId)
}

export function settled(api: Millrace, runId: string): Promise<string> {
  return eventually(`the end of ${runId}`, async () => {
    const { status } = await api.runs.get.query({ runId })
    return ['succeeded', 'failed', 'cancelled'].includes(status) && status
  })
}
