import { describe, expect, it } from 'vitest'
import { createModelClient } from '@/server/models/create-model-client'
import { compile } from '@/workflows/graph/compile'
import { fromDocument } from '@/workflows/graph/from-document'
import { parseGraph } from '@/workflows/graph/parse-graph'
import { portsOf } from '@/workflows/graph/ports-of'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { toDocument } from '@/workflows/graph/to-document'
import { validate } from '@/workflows/graph/validate'
import { wantsOf } from '@/workflows/graph/wants-of'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { GuardedFetch } from '@/workflows/nodes/define'
import { executors } from '@/workflows/nodes/executors.server'
import { executePlan } from '@/workflows/runtime/execute-plan'
import type { ModelTurn, PlanOutcome, SettledWait, StepCall, StepResult } from '@/workflows/runtime/types'
import { findTemplate, templates } from '@/workflows/templates'
import { answerPractice, type FlakyCounts } from '@/workflows/templates/practice-endpoints'
import { type PlainHost, plainHost, runFacts } from './support/plain-host'
import { answerWith } from './support/run-node'

const baseUrl = 'http://millrace.test'

/** Practice services and the practice model; anything else that is called fails the test. */
function practiceHost(): PlainHost {
  const counts: FlakyCounts = new Map()
  const fetch: GuardedFetch = async (address, init) => {
    const url = new URL(address)
    expect(url.origin).toBe(baseUrl)
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Json) : null
    const answer = answerPractice(init?.method ?? 'GET', url.pathname, Object.fromEntries(url.searchParams), body, counts)
    return answerWith(answer.status, JSON.stringify(answer.body), answer.headers)
  }
  const models = createModelClient({
    fetch,
    resolveCredential: () => Promise.reject(new Error('a template asked for a credential')),
    findPrice: () => Promise.resolve(null),
  })
  const host = plainHost(async (call): Promise<StepResult> => {
    if (call.node.definition.kind === 'control') return turn(call)
    const executor = executors.get(call.node.node.type)
    if (!executor) throw new Error(`no executor for ${call.node.node.type}`)
    const missing = () => Promise.reject(new Error('a template ran code'))
    const { port, output } = await executor.run({
      ...call,
      fetch,
      models,
      code: { run: missing },
      python: { run: missing },
      now: host.now,
      log: () => {},
    })
    return { ok: true, port, output }
  })
  const turn = async (call: StepCall): Promise<StepResult> => {
    const asked = call.params as unknown as ModelTurn
    const { content, toolCalls, finishReason, usage } = await models.complete({ ...asked, signal: call.signal, stepKey: call.stepKey })
    return { ok: true, port: 'main', output: { content, toolCalls, finishReason } as unknown as Json, usage }
  }
  return host
}

function planOf(graph: Graph) {
  const compiled = compile(graph)
  if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join(' '))
  return compiled.plan
}

/** Runs to the end: lets retries come due, and decides approvals as told. */
async function run(slug: string, input?: Json, decision: 'approved' | 'declined' | 'nobody' = 'approved') {
  const template = findTemplate(slug)
  if (!template) throw new Error(`there is no template ${slug}`)
  const plan = planOf(template.graph)
  const host = practiceHost()
  const facts = runFacts(input === undefined ? template.sampleInput : input, { baseUrl })
  const settled: SettledWait[] = []
  let outcome: PlanOutcome = { kind: 'more' }
  for (let slice = 0; slice < 20; slice++) {
    outcome = await executePlan(plan, host.log(), facts, host, { settled })
    if (outcome.kind === 'succeeded' || outcome.kind === 'failed') break
    if (outcome.kind !== 'waiting') continue
    for (const wait of outcome.waits) {
      if (wait.kind !== 'approval') continue
      settled.push({
        path: wait.path,
        attempt: wait.attempt,
        kind: 'approval',
        settledBy: decision === 'nobody' ? 'timer' : 'person',
        result:
          decision === 'nobody' ? null : { decision, comment: 'Seen.', by: { id: 'usr_1', name: 'Maya' }, at: '2026-11-21T10:00:00.000Z' },
      })
    }
    if (outcome.until) host.clock.now = outcome.until.getTime()
  }
  const reached = host.records.filter((record) => record.status === 'succeeded' && !record.path.includes('/')).map((record) => record.path)
  return { outcome, host, reached: new Set(reached), output: outcome.kind === 'succeeded' ? outcome.output : null }
}

/** A card's size on the canvas: a header of 56, a row of 24 for each way out where there are several, an agent's strip of tools. */
function cardSize(node: GraphNode): { width: number; height: number } {
  const definition = catalogue.get(node.type)
  const ports = definition ? portsOf(node, definition) : { in: [], out: [] }
  const ways = ports.out.filter((port) => port !== 'tool').length
  return { width: 208, height: 56 + (ways > 1 ? 8 + 24 * ways : 0) + (ports.in.includes('tools') ? 24 : 0) }
}

describe.each(templates.map((template) => [template.slug, template] as const))('the template %s', (slug, template) => {
  it('has no problem, not even a warning, and imports under new ids', () => {
    expect(validate(template.graph)).toEqual([])
    expect(parseGraph(template.graph)).toMatchObject({ ok: true, migrated: [] })
    let count = 0
    const document = toDocument({ name: template.name, description: template.summary, graph: template.graph })
    const parsed = fromDocument(JSON.parse(JSON.stringify(document)), { newId: () => `made${++count}abc` })
    if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
    expect(validate(parsed.workflow.graph)).toEqual([])
    expect(parsed.workflow.graph.nodes.every((node) => node.id.startsWith('made'))).toBe(true)
  })

  it('runs without accounts, against this instance only', async () => {
    const wants = wantsOf(template.graph)
    expect(wants.credentials).toEqual([])
    expect(wants.hosts.every((host) => host === 'this instance')).toBe(true)
    expect(wants.models.every((model) => model === 'practice')).toBe(true)
    const { outcome } = await run(slug)
    expect(outcome.kind).toBe(slug === 'retry-tour' ? 'failed' : 'succeeded')
  })

  it('is laid out by hand so that nothing covers anything, and says what it is', () => {
    const boxes = template.graph.nodes.map((node) => ({ ...node.position, ...(node.size ?? cardSize(node)) }))
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
        expect([a, b, apart]).toEqual([a, b, true])
      }
    }
    expect(template.graph.nodes.some((node) => node.type === 'note.sticky')).toBe(true)
    expect(template.summary).toMatch(/\.$/)
    expect(template.shows.length).toBeGreaterThan(1)
  })
})

describe('what the templates do', () => {
  it('confirms an order in six steps, and says when there is not enough', async () => {
    const first = await run('order-intake')
    expect(first.reached.size).toBe(6)
    expect(first.host.responses).toMatchObject([{ status: 201, body: { status: 'confirmed', total: 98 } }])
    const soldOut = await run('order-intake', {
      method: 'POST',
      path: '/',
      query: {},
      headers: {},
      body: { sku: 'DESK-02', quantity: 1 },
      deliveryId: 'x',
    })
    expect(soldOut.host.responses).toMatchObject([{ status: 409, body: { message: 'Only 0 of Standing desk left.' } }])
  })

  it('asks a person about large invoices and pays small ones at once', async () => {
    expect((await run('invoice-approval')).reached.has('pay')).toBe(true)
    const declined = await run('invoice-approval', undefined, 'declined')
    expect([declined.reached.has('pay'), declined.reached.has('decline')]).toEqual([false, true])
    const small = await run('invoice-approval', {
      invoiceId: 'INV-1',
      supplier: 'Paper House',
      amount: 300,
      currency: 'EUR',
      dueDate: '2026-12-01',
    })
    expect([small.reached.has('pay'), small.reached.has('ask')]).toEqual([true, false])
  })

  it('lets the agent use its tool before it answers', async () => {
    const { host, reached } = await run('lead-triage')
    expect(host.executed.some((call) => call.path.includes('/call.0.company_lookup'))).toBe(true)
    expect(host.records.find((record) => record.path === 'triage')?.output).toMatchObject({ answer: { priority: 'high' }, toolCalls: 1 })
    expect(reached.has('call')).toBe(true)
  })

  it('alerts only when the page is down', async () => {
    expect((await run('site-watch')).reached.has('alert')).toBe(true)
    const byClock = await run('site-watch', { scheduledAt: '2026-11-20T22:30:00.000Z', scheduleId: 's', name: 'n', input: null })
    expect([byClock.reached.has('alert'), byClock.reached.has('fine')]).toEqual([false, true])
  })

  it('adds up what was paid', async () => {
    const { host } = await run('nightly-report')
    expect(host.records.find((record) => record.path === 'figures')?.output).toEqual({ orders: 4, revenue: 4_959.5, largest: 2_780 })
  })

  it('sorts feedback by what it is about', async () => {
    expect((await run('feedback-sorting')).output).toMatchObject({ category: 'bug', sentTo: 'engineering' })
    expect((await run('feedback-sorting', { from: 'x', text: 'Thank you, I love it!' })).output).toMatchObject({
      mood: 'positive',
      sentTo: 'support',
    })
  })

  it('publishes, returns or reminds as the editor decides', async () => {
    expect((await run('content-review')).reached.has('publish')).toBe(true)
    expect((await run('content-review', undefined, 'declined')).reached.has('return')).toBe(true)
    expect((await run('content-review', undefined, 'nobody')).reached.has('remind')).toBe(true)
  })

  it('heals, takes another way, and fails for good until its cause is gone', async () => {
    const failed = await run('retry-tour')
    expect(failed.outcome).toMatchObject({ kind: 'failed', nodeTitle: 'Waits for you' })
    expect(failed.host.records.filter((record) => record.path === 'heals').map((record) => record.status)).toEqual([
      'failed',
      'failed',
      'succeeded',
    ])
    expect(failed.reached.has('handled')).toBe(true)
    expect((await run('retry-tour', { lastStatus: 200 })).output).toEqual({ status: 200 })
  })
})

describe('the practice endpoints', () => {
  const ask = (method: string, path: string, query = {}, body: Json = null) => answerPractice(method, path, query, body, new Map())

  it('answer the same question the same', () => {
    expect(ask('GET', '/practice/companies', { name: 'Northwind' })).toEqual(ask('GET', '/practice/companies', { name: 'Northwind' }))
    expect(ask('POST', '/practice/orders', {}, { sku: 'LAMP-01' })).toMatchObject({ status: 201, body: { accepted: true } })
  })

  it.each([
    ['GET', '/practice/nothing', {}, null, 404],
    ['GET', '/other', {}, null, 404],
    ['GET', '/practice/stock/%E0%A4%A', {}, null, 404],
    ['DELETE', '/practice/orders', {}, null, 405],
    ['POST', '/practice/orders', {}, null, 400],
    ['POST', '/practice/messages', {}, {}, 422],
    ['GET', '/practice/status', { code: '503' }, null, 503],
    ['GET', '/practice/status', { code: '99' }, null, 400],
    ['GET', '/practice/flaky', { key: 'k', fails: '1e9' }, null, 400],
  ] as [string, string, Record<string, string>, Json, number][])('%s %s %o answers %s with %i', (method, path, query, body, status) => {
    expect(ask(method, path, query, body).status).toBe(status)
  })

  it('forget old keys of the flaky endpoint', () => {
    const counts: FlakyCounts = new Map()
    for (let key = 0; key < 5_000; key++) answerPractice('GET', '/practice/flaky', { key: `k${key}` }, null, counts)
    expect(counts.size).toBe(1_000)
  })
})
