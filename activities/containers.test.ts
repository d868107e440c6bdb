import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { runSteps, runs, runWaits, tasks } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { acceptRun } from '@/server/services/runs/accept-run'
import { planReplay } from '@/server/services/runs/plan-replay'
import { replayRun } from '@/server/services/runs/replay-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { DriverAnswer } from '@/workflows/runtime/driver-types'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
import { type HttpSink, startHttpSink } from '../tests/support/http-sink'
import { graphOf, idOf, type NodeSketch } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'

let organization: TestOrganization
let sink: HttpSink
let advancer: Advancer
let holder: Holder
let answering: (path: string) => number = () => 200

beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (request, response) => {
      response.writeHead(answering(request.path), { 'content-type': 'application/json' })
      response.end(JSON.stringify({ path: request.path }))
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
})
afterAll(async () => {
  await holder.stop()
  await closePowers()
  await sink.close()
})

const trigger = { type: 'trigger.manual' }
const call = (path: string, parent: string, more: Partial<NodeSketch> = {}): NodeSketch => ({
  type: 'http.request',
  parent,
  ...more,
  params: { url: `${sink.url}/${path}`, method: 'POST', ...more.params },
  settings: { retry: { attempts: 1 }, ...more.settings },
})
const at = (...parts: (string | number)[]) => parts.map((part, index) => (index % 2 === 0 ? idOf(String(part)) : part)).join('/')
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const stepOf = async (runId: string, path: string) =>
  (
    await read((tx) =>
      tx
        .select()
        .from(runSteps)
        .where(and(eq(runSteps.runId, runId), eq(runSteps.path, path))),
    )
  )[0]
const advance = (runId: string): Promise<DriverAnswer> => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))

async function accepted(graph: Graph, input: Json): Promise<string> {
  const workflow = await makeWorkflow(organization, { graph })
  const { runId } = await read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input,
    }),
  )
  return runId
}

describe('containers in Postgres', () => {
  it('record each item by its path and hand large results on whole', async () => {
    const graph = graphOf('start -> loop -> rest -> sum', {
      start: trigger,
      loop: { type: 'flow.for_each', params: { concurrency: 3 } },
      big: { type: 'code.javascript', parent: 'loop', params: { source: 'return { n: item, text: "x".repeat(200000) }' } },
      rest: { type: 'flow.wait', params: { mode: 'for', durationMs: 40 } },
      sum: { type: 'data.set', params: { fields: [{ name: 'n', value: '{{ input.map(one => one.n) }}' }], keep: 'only-set' } },
    })
    const runId = await accepted(graph, [1, 2, 3])
    expect(['waiting', 'more']).toContain((await advance(runId)).kind)
    expect((await stepOf(runId, at('loop', 1, 'big')))?.output).toMatchObject({ storedApart: true })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect((await runOf(runId))?.output).toEqual({ n: [1, 2, 3] })
  })

  it('run their finally when somebody cancels the run, and end it as cancelled', async () => {
    const graph = graphOf('start -> attempt -> never; attempt.finally -> tidy', {
      start: trigger,
      attempt: { type: 'flow.try' },
      ask: { type: 'people.approval', parent: 'attempt', params: { title: 'Well?' } },
      tidy: call('tidy', 'attempt'),
      never: { type: 'http.request', params: { url: `${sink.url}/never` } },
    })
    const runId = await accepted(graph, {})
    expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
    await requestCancel(organization.caller, { runId })
    sink.requests.length = 0
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'cancelled' })
    expect(sink.requests.map((request) => request.path)).toEqual(['/tidy'])
    expect(await stepOf(runId, at('attempt', 'finally', 'tidy'))).toMatchObject({ status: 'succeeded' })
  })

  it('close what they no longer wait for', async () => {
    const graph = graphOf('start -> both -> rest', {
      start: trigger,
      both: { type: 'flow.parallel', params: { until: 'race' } },
      ask: { type: 'people.approval', parent: 'both', params: { title: 'Well?' } },
      quick: call('quick', 'both'),
      rest: { type: 'flow.wait', params: { mode: 'for', durationMs: 60_000 } },
    })
    const runId = await accepted(graph, {})
    expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
    const open = await read((tx) =>
      tx.select({ path: runWaits.path, by: runWaits.settledBy }).from(runWaits).where(eq(runWaits.runId, runId)),
    )
    expect(open.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: at('both', 0, 'ask'), by: 'end' },
      { path: idOf('rest'), by: null },
    ])
    expect(await read((tx) => tx.select({ state: tasks.state }).from(tasks).where(eq(tasks.runId, runId)))).toEqual([
      { state: 'cancelled' },
    ])
  })

  it('run again from the item that failed, with what was done before it', async () => {
    const graph = graphOf('start -> loop; first -> second', {
      start: trigger,
      loop: { type: 'flow.for_each' },
      first: call('first/{{ item }}', 'loop'),
      second: call('second/{{ item }}', 'loop'),
    })
    answering = (path) => (path === '/second/b' ? 400 : 200)
    const runId = await accepted(graph, ['a', 'b', 'c'])
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    const failed = await runOf(runId)
    expect(failed).toMatchObject({ status: 'failed', error: { path: at('loop', 1, 'second'), nodeTitle: 'second' } })
    const fromPath = at('loop', 1, 'second')
    const plan = await planReplay(organization.caller, { runId, fromPath })
    expect(plan.effects.map((step) => step.nodeTitle)).toEqual(['first', 'second'])
    answering = () => 200
    sink.requests.length = 0
    const again = await replayRun(organization.caller, { runId, fromPath })
    expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    expect(await runOf(again.runId)).toMatchObject({ status: 'succeeded' })
    expect(sink.requests.map((request) => request.path)).toEqual(['/second/b', '/first/c', '/second/c'])
  })
})
