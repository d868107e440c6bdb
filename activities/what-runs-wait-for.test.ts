import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { toUuid } from '@/db/ids'
import { runWaits } from '@/db/schema'
import { knownCircuits } from '@/server/powers/circuits'
import { closePowers } from '@/server/powers/create-powers'
import { acceptRun } from '@/server/services/runs/accept-run'
import { getRun } from '@/server/services/runs/get-run'
import { listRuns } from '@/server/services/runs/list-runs'
import { pauseRun } from '@/server/services/runs/pause-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { resumeRun } from '@/server/services/runs/resume-run'
import { settleWait } from '@/server/services/runs/settle-wait'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'
import { limits } from '@/workflows/limits'
import { asAdmin, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../tests/support/database'
import { type HttpSink, startHttpSink } from '../tests/support/http-sink'
import { graphOf, idOf } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'

let organization: TestOrganization
let sink: HttpSink
let advancer: Advancer
let holder: Holder

beforeAll(async () => {
  sink = await startHttpSink({ onRequest: (_, response) => response.writeHead(503).end('{}') })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  // Nothing listens there: waking a run is a hint and fails at once.
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
})
afterAll(async () => {
  await holder.stop()
  knownCircuits([])
  await closePowers()
  await sink.close()
})

const trigger = { type: 'trigger.manual' }
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const made = (graph: Graph, settings: WorkflowSettings = {}) => makeWorkflow(organization, { graph: { ...graph, settings } })
const advance = (runId: string, queue: 'default' | 'code' = 'default') =>
  withDatabase(workerDb(), () => advancer.advance(runId, { short: false, queue }))

async function start(workflow: TestWorkflow, input: Json = {}): Promise<string> {
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
async function begun(graph: Graph, settings?: WorkflowSettings): Promise<string> {
  const runId = await start(await made(graph, settings))
  await advance(runId)
  return runId
}
/** Both doors say the same. */
async function look(runId: string) {
  const { status, holder: by, waitingFor } = await getRun(organization.caller, { runId })
  const { items } = await listRuns(organization.caller, { limit: 1, search: runId })
  expect(items[0]).toMatchObject({ status, holder: by, waitingFor })
  return { status, holder: by, waitingFor }
}
const waitOf = (runId: string, name: string) =>
  read(async (tx) => {
    const rows = await tx
      .select()
      .from(runWaits)
      .where(and(eq(runWaits.runId, runId), eq(runWaits.path, idOf(name))))
    return rows.at(-1) as typeof runWaits.$inferSelect
  })
const live = (runId: string, change: ReturnType<typeof sql>) =>
  asAdmin((db) => db.execute(sql`update live_runs set ${change} where run_id = ${toUuid(runId, 'run')}::uuid`))
const pause = { type: 'flow.wait', params: { durationMs: 3_600_000 } }
const approval = { type: 'people.approval', params: { title: 'Well?' } }
const waiting = graphOf('start -> ask', { start: trigger, ask: approval })

describe('a run says what it waits for, since when and until when', () => {
  it('before any worker took it', async () => {
    const runId = await start(await made(waiting))
    const { createdAt } = await getRun(organization.caller, { runId })
    expect(await look(runId)).toMatchObject({
      status: 'accepted',
      holder: null,
      waitingFor: { kind: 'worker', queue: 'default', since: createdAt, dueAt: null },
    })
  })

  it('behind steps that only workers of another queue take', async () => {
    const graph = graphOf('start -> python -> after', {
      start: trigger,
      python: { type: 'code.python', params: { source: 'return 1' } },
      after: pause,
    })
    const runId = await start(await made(graph))
    expect(await advance(runId)).toMatchObject({ kind: 'queue', queue: 'code' })
    const first = await look(runId)
    expect(first).toMatchObject({ status: 'running', holder: null, waitingFor: { kind: 'worker', queue: 'code', dueAt: null } })
    // The sweep touches what nobody moves; that does not make the wait younger.
    await live(runId, sql`changed_at = clock_timestamp() + interval '1 minute'`)
    expect(await look(runId)).toEqual(first)
    // A worker that takes none of it looks and leaves it where it was.
    await advance(runId)
    expect(await look(runId)).toMatchObject({ waitingFor: { kind: 'worker', queue: 'code' } })
    await advance(runId, 'code')
    expect((await look(runId)).waitingFor).not.toMatchObject({ queue: 'code' })
  })

  it.each([
    ['approval', approval],
    ['approval', { ...approval, params: { ...approval.params, dueMs: 60_000 } }],
    ['time', pause],
    ['callback', { type: 'flow.wait_callback', params: { withinMs: 60_000 } }],
    ['event', { type: 'flow.wait_event', params: { name: 'paid', key: '7' } }],
    [
      'retry',
      {
        type: 'code.javascript',
        params: { source: 'throw new Error("no")' },
        settings: { retry: { attempts: 2, delayMs: 60_000, on: ['any'] } },
      },
    ],
  ])('in a step of its own: %s', async (kind, node) => {
    const runId = await begun(graphOf('start -> it', { start: trigger, it: node }))
    const { createdAt, dueAt } = await waitOf(runId, 'it')
    const seen = await look(runId)
    expect(seen).toMatchObject({
      status: 'waiting',
      holder: null,
      waitingFor: { kind, path: idOf('it'), nodeTitle: 'it', since: createdAt },
    })
    expect(seen.waitingFor?.dueAt?.getTime()).toBe(dueAt?.getTime())
  })

  it('for another run', async () => {
    const leaf = await made(graphOf('start -> pause', { start: { type: 'trigger.sub_workflow' }, pause }))
    const runId = await begun(
      graphOf('start -> call', { start: trigger, call: { type: 'flow.sub_workflow', params: { workflow: leaf.id } } }),
    )
    const { createdAt } = await waitOf(runId, 'call')
    expect(await look(runId)).toMatchObject({ waitingFor: { kind: 'child', path: idOf('call'), since: createdAt, dueAt: null } })
  })

  it('for a host that is held back', async () => {
    const get = { type: 'http.request', params: { url: `${sink.url}/` }, settings: { retry: { attempts: 1 } } }
    const workflow = await made(graphOf('start -> get', { start: trigger, get }))
    for (let n = 0; n < limits.circuitFailures; n++) await advance(await start(workflow))
    const runId = await start(workflow)
    await advance(runId)
    const { waitingFor } = await look(runId)
    expect(waitingFor).toMatchObject({ kind: 'circuit', path: idOf('get'), circuit: { host: sink.host } })
    expect(waitingFor?.dueAt?.getTime()).toBeGreaterThan(waitingFor?.since.getTime() as number)
  })

  it('before it may begin: for a slot, and for its turn', async () => {
    const slots = await made(waiting, { concurrency: { limit: 1, whenFull: 'queue', key: '' } })
    const rated = await made(waiting, { rate: { runs: 1, everyMs: 60_000, key: '', whenFull: 'queue' } })
    for (const [kind, workflow] of [
      ['slot', slots],
      ['rate', rated],
    ] as const) {
      await start(workflow)
      const runId = await start(workflow)
      const { createdAt } = await getRun(organization.caller, { runId })
      const { waitingFor } = await look(runId)
      expect(waitingFor).toMatchObject({ kind, path: null, since: createdAt })
      expect(waitingFor?.dueAt !== null).toBe(kind === 'rate')
    }
  })

  it('for a person who paused it, unless a step of it waits for something', async () => {
    const held = await start(await made(waiting))
    await pauseRun(organization.caller, { runId: held })
    expect(await look(held)).toMatchObject({ holder: null, waitingFor: { kind: 'pause', dueAt: null, since: expect.any(Date) } })
    const parked = await begun(waiting)
    await pauseRun(organization.caller, { runId: parked })
    expect(await look(parked)).toMatchObject({ waitingFor: { kind: 'approval' } })
    await resumeRun(organization.caller, { runId: held })
    expect(await look(held)).toMatchObject({ waitingFor: { kind: 'worker' } })
  })

  it('when what it waited for has come and nobody has gone on yet', async () => {
    const runId = await begun(waiting)
    const result = { decision: 'approved', comment: '' }
    await read((tx) => settleWait(tx, { organizationId: organization.id, runId, path: idOf('ask'), attempt: 1, result, actorId: 'usr' }))
    const { settledAt } = await waitOf(runId, 'ask')
    expect(await look(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'worker', queue: 'default', since: settledAt } })

    const late = await begun(graphOf('start -> pause', { start: trigger, pause }))
    const past = new Date(Date.now() - 5_000)
    await live(late, sql`due_at = ${past.toISOString()}::timestamptz`)
    expect(await look(late)).toMatchObject({ waitingFor: { kind: 'worker', since: past } })

    const asked = await begun(waiting)
    await requestCancel(organization.caller, { runId: asked })
    expect(await look(asked)).toMatchObject({ waitingFor: { kind: 'worker' } })
  })

  it('or who has it, until when; and that its holder is lost', async () => {
    const runId = await begun(waiting)
    const held = await begun(waiting)
    const mine = sql`state = 'running', holder_id = ${toUuid(holder.id, 'hold')}::uuid`
    await live(held, mine)
    const seen = await look(held)
    expect(seen).toMatchObject({ holder: { host: expect.any(String), since: expect.any(Date) }, waitingFor: null })
    expect(seen.holder?.until.getTime()).toBeGreaterThan(Date.now())

    const gone = new Date(Date.now() - 3_000)
    await asAdmin((db) =>
      db.execute(sql`with h as (insert into holders (id, kind, host, pid, build, lease_until)
          values (gen_random_uuid(), 'worker', 'lost', 1, 'test', ${gone.toISOString()}::timestamptz) returning id)
        update live_runs set state = 'running', holder_id = (select id from h) where run_id = ${toUuid(runId, 'run')}::uuid`),
    )
    expect(await look(runId)).toMatchObject({ holder: { host: 'lost', until: gone }, waitingFor: { kind: 'worker', since: gone } })
  })

  it('and nothing once it has ended', async () => {
    const runId = await begun(graphOf('start', { start: trigger }))
    expect(await look(runId)).toEqual({ status: 'succeeded', holder: null, waitingFor: null })
  })
})
