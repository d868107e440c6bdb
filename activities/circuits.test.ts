import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { turnCircuits } from '@/db/circuits'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { circuits, circuitWaits, liveRuns, runSteps, runs } from '@/db/schema'
import { knownCircuits } from '@/server/powers/circuits'
import { closePowers } from '@/server/powers/create-powers'
import { createCredential } from '@/server/services/credentials/create-credential'
import { updateCredential } from '@/server/services/credentials/update-credential'
import { acceptRun } from '@/server/services/runs/accept-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import type { Graph, Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import type { DriverAnswer } from '@/workflows/runtime/driver-types'
import { adminSql, makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
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
/** What the provider answers with. */
let status = 200
let retryAfter: string | null = null

beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...(retryAfter ? { 'retry-after': retryAfter } : {}) })
      response.end('{}')
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:9'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  const hands = createHands()
  holder = createHolder(hands, 'test')
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
})
beforeEach(async () => {
  const admin = adminSql()
  await admin`delete from circuit_waits`
  await admin`delete from circuits`
  await admin`delete from live_runs`
  await admin.end()
  knownCircuits([])
  organization = await makeOrganization()
  sink.requests.length = 0
  status = 200
  retryAfter = null
})
afterAll(async () => {
  await holder.stop()
  await closePowers()
  await sink.close()
})

const trigger = { type: 'trigger.manual' }
const call = (more: { params?: Record<string, Json>; settings?: Record<string, unknown> } = {}) => ({
  type: 'http.request',
  params: { url: `${sink.url}/orders`, ...more.params },
  settings: { retry: { attempts: 1 }, timeoutMs: 5_000, ...more.settings },
})
const plain = (more?: Parameters<typeof call>[0]) => graphOf('start -> get', { start: trigger, get: call(more) })
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const liveOf = async (runId: string) => (await read((tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]
const callOf = async (runId: string) =>
  await read((tx) =>
    tx
      .select()
      .from(runSteps)
      .where(and(eq(runSteps.runId, runId), eq(runSteps.path, idOf('get')))),
  )
const circuit = async () => (await read((tx) => tx.select().from(circuits)))[0]
const waiting = () => read((tx) => tx.select().from(circuitWaits))
const advance = (runId: string): Promise<DriverAnswer> => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))

async function accepted(graph: Graph, count = 1, triggered = 'manual'): Promise<string[]> {
  const workflow = await makeWorkflow(organization, { graph })
  const made: string[] = []
  for (let n = 0; n < count; n++) {
    const { runId } = await read((tx) =>
      acceptRun(tx, {
        organizationId: organization.id,
        workflowId: workflow.id,
        versionId: workflow.versionId as string,
        trigger: triggered,
        triggerNodeId: null,
        input: {},
      }),
    )
    made.push(runId)
  }
  return made
}
async function accept(graph: Graph, triggered?: string): Promise<string> {
  return (await accepted(graph, 1, triggered))[0] as string
}

/** What the sweep of a worker does: here the runs that are woken are driven at once. */
async function turn(): Promise<string[]> {
  const { circuits: found, wake } = await turnCircuits({
    first: limits.circuitReturnFirst,
    most: limits.circuitReturnMost,
    forgetMs: limits.circuitForgetMs,
  })
  knownCircuits(found)
  await Promise.all(wake.map(advance))
  return wake
}
/** As if so much time had passed. */
async function later(): Promise<void> {
  const admin = adminSql()
  await admin`update circuits set try_at = case when try_at is not null then now() end, release_at = null`
  await admin.end()
}
async function open(more?: Parameters<typeof call>[0], failing = 503): Promise<void> {
  status = failing
  for (const runId of await accepted(plain(more), failing === 401 ? limits.circuitRefusals : limits.circuitFailures)) await advance(runId)
  expect(await circuit()).toMatchObject({ state: 'open' })
  sink.requests.length = 0
}

describe('a circuit', () => {
  it('opens after failures in a row; then runs wait with a reason and call nothing', async () => {
    await open()
    const runId = await accept(plain({ settings: { retry: { attempts: 3 } } }))
    expect(await advance(runId)).toEqual({ kind: 'waiting', until: null })
    expect(sink.requests).toHaveLength(0)
    const run = await runOf(runId)
    expect(run).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'circuit', path: idOf('get'), circuit: { host: sink.host, failures: limits.circuitFailures, refused: false } },
    })
    const waitingFor = run?.waitingFor as { dueAt: string } | undefined
    expect(Date.parse(waitingFor?.dueAt ?? '')).toBeGreaterThan(Date.now())
    expect(await callOf(runId)).toMatchObject([{ attempt: 1, status: 'waiting', error: { code: 'circuit.open', class: 'transient' } }])
    expect(await liveOf(runId)).toMatchObject({ state: 'waiting', dueAt: null })
    expect(await waiting()).toMatchObject([{ runId }])
  })

  it('lets one call try when its time has come, and when that works the others go on', async () => {
    await open()
    const waits = await accepted(plain(), 8)
    for (const runId of waits) await advance(runId)
    expect(await turn()).toEqual([])
    await later()
    status = 200
    expect(await turn()).toEqual([waits[0]])
    expect(sink.requests).toHaveLength(1)
    expect(await circuit()).toMatchObject({ state: 'returning' })
    expect(await turn()).toHaveLength(5)
    expect(await turn()).toEqual([])
    await later()
    expect(await turn()).toHaveLength(2)
    await later()
    await turn()
    expect(await circuit()).toBeUndefined()
    for (const runId of waits) expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
    expect(await callOf(waits[3] as string)).toMatchObject([{ attempt: 1, status: 'succeeded', error: null }])
  })

  it('opens again for twice as long when the call that tried fails, which uses up none of its attempts', async () => {
    await open()
    const runId = await accept(plain({ settings: { retry: { attempts: 2 } } }))
    await advance(runId)
    const first = await circuit()
    for (let tries = 1; tries <= 4; tries++) {
      await later()
      expect(await turn()).toEqual([runId])
      expect(sink.requests).toHaveLength(tries)
    }
    const now = await circuit()
    expect(now).toMatchObject({ state: 'open', opens: 5 })
    const wait = (one: typeof now) => (one?.tryAt?.getTime() ?? 0) - (one?.openedAt?.getTime() ?? 0)
    expect(wait(first)).toBe(limits.circuitFirstWaitMs)
    expect(wait(now)).toBe(limits.circuitFirstWaitMs * 16)
    expect(await callOf(runId)).toMatchObject([{ attempt: 1, status: 'waiting' }])
    status = 200
    await later()
    await turn()
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
  })

  it('waits as long as the other side says', async () => {
    retryAfter = '3600'
    await open({}, 429)
    const { tryAt, openedAt } = (await circuit()) ?? {}
    expect((tryAt?.getTime() ?? 0) - (openedAt?.getTime() ?? 0)).toBe(3_600_000)
  })

  it('sends nothing again of a step that may be sent once only, nor of one that is not tried again', async () => {
    await open()
    const once = await accept(plain({ settings: { atMostOnce: true } }))
    const single = await accept(plain())
    await advance(once)
    await advance(single)
    expect(await callOf(once)).toMatchObject([{ status: 'waiting' }])
    await later()
    expect(await turn()).toEqual([once])
    expect(await runOf(once)).toMatchObject({ status: 'failed', error: { code: 'http.503' } })
    await later()
    expect(await turn()).toEqual([single])
    expect(await runOf(single)).toMatchObject({ status: 'failed' })
    expect(sink.requests).toHaveLength(2)
  })

  it('does not open where calls work in between, nor for answers that are no trouble', async () => {
    for (const next of [503, 503, 503, 503, 503, 503, 503, 503, 503, 200, 503, 404, 503, 422, 503]) {
      status = next
      await advance(await accept(plain()))
    }
    expect(await circuit()).toMatchObject({ state: 'counting', failures: 1 })
    status = 200
    await advance(await accept(plain()))
    expect(await circuit()).toBeUndefined()
  })

  it('is of one host and one credential of one organization', async () => {
    await open()
    const { id } = await createCredential(organization.caller, {
      name: 'Other',
      type: 'http.bearer',
      settings: {},
      secret: { token: 'secret-4711' },
      allowedHosts: [sink.host],
    })
    status = 200
    const other = await accept(plain({ params: { credential: id } }))
    await advance(other)
    expect(await runOf(other)).toMatchObject({ status: 'succeeded' })
    const mine = organization
    organization = await makeOrganization()
    const elsewhere = await accept(plain())
    await advance(elsewhere)
    expect(await runOf(elsewhere)).toMatchObject({ status: 'succeeded' })
    organization = mine
    expect(await circuit()).toMatchObject({ state: 'open' })
  })

  it('does not hold back a test in the editor; when that works, the others go on', async () => {
    await open()
    const held = await accept(plain())
    await advance(held)
    await advance(await accept(plain(), 'test'))
    expect(sink.requests).toHaveLength(1)
    expect(await circuit()).toMatchObject({ state: 'open', failures: limits.circuitFailures })
    status = 200
    await advance(await accept(plain(), 'test'))
    expect(await turn()).toEqual([held])
    expect(await runOf(held)).toMatchObject({ status: 'succeeded' })
  })

  it('forgets runs that ended while they waited', async () => {
    await open()
    const [gone, stays] = (await accepted(plain(), 2)) as [string, string]
    await advance(gone)
    await advance(stays)
    await requestCancel(organization.caller, { runId: gone })
    await advance(gone)
    expect(await runOf(gone)).toMatchObject({ status: 'cancelled' })
    await later()
    status = 200
    expect(await turn()).toEqual([stays])
    await later()
    await turn()
    expect(await waiting()).toEqual([])
    expect(await circuit()).toBeUndefined()
  })

  it('holds back other steps of a run only where they call there', async () => {
    await open()
    const runId = await accept(
      graphOf('start -> get; start -> pause -> note', {
        start: trigger,
        get: call(),
        pause: { type: 'flow.wait', params: { mode: 'for', durationMs: 1 } },
        note: { type: 'data.set', params: { fields: [{ name: 'done', value: true }] } },
      }),
    )
    for (let n = 0; n < 5; n++) await advance(runId)
    const steps = await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))
    expect(Object.fromEntries(steps.map((step) => [step.path, step.status]))).toMatchObject({
      [idOf('get')]: 'waiting',
      [idOf('note')]: 'succeeded',
    })
    expect(sink.requests).toHaveLength(0)
    status = 200
    await later()
    await turn()
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
  })
})

describe('a refused credential', () => {
  const credential = () =>
    createCredential(organization.caller, {
      name: 'Registry',
      type: 'http.bearer',
      settings: {},
      secret: { token: 'old-token-4711' },
      allowedHosts: [sink.host],
    })

  it('is not shown again until it is changed', async () => {
    const { id } = await credential()
    await open({ params: { credential: id } }, 401)
    const runId = await accept(plain({ params: { credential: id } }))
    await advance(runId)
    expect(await runOf(runId)).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'circuit', dueAt: null, circuit: { refused: true } },
    })
    await later()
    expect(await turn()).toEqual([])
    expect(sink.requests).toHaveLength(0)

    await updateCredential(organization.caller, { credentialId: id, secret: { token: 'also-wrong-4711' } })
    expect(await turn()).toEqual([runId])
    expect(sink.requests).toHaveLength(1)
    expect(await runOf(runId)).toMatchObject({ status: 'waiting' })
    expect(await circuit()).toMatchObject({ state: 'open', tryAt: null })

    status = 200
    await updateCredential(organization.caller, { credentialId: id, secret: { token: 'right-4711' } })
    await turn()
    expect(sink.requests.at(-1)?.headers.authorization).toBe('Bearer right-4711')
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
  })

  it('is not held back where it is known but may not do one thing', async () => {
    const { id } = await credential()
    status = 403
    for (let n = 0; n <= limits.circuitFailures; n++) await advance(await accept(plain({ params: { credential: id } })))
    expect(await circuit()).toBeUndefined()
    status = 200
    const runId = await accept(plain({ params: { credential: id } }))
    await advance(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
  })
})

describe('when the other side comes back', () => {
  it('200 runs lose nothing, and call no more than a few at a time', async () => {
    const graph = plain({ settings: { retry: { attempts: 3, delayMs: 0, backoff: 'fixed' } } })
    const all = await accepted(graph, 200)
    const admin = adminSql()
    const driven = async (ids: string[], atOnce: number) => {
      for (let from = 0; from < ids.length; from += atOnce) await Promise.all(ids.slice(from, from + atOnce).map(advance))
    }
    const count = async (state: string) =>
      Number(
        (
          await admin`select count(*) from runs where status = ${state} and organization_id = (select organization_id from circuits limit 1)`
        )[0]?.count,
      )
    status = 503
    await driven(all, 10)
    // Ten in a row and what was under way then; everything else waits without a call.
    expect(sink.requests.length).toBeLessThanOrEqual(30)
    const failed = await count('failed')
    expect((await count('waiting')) + failed).toBe(200)
    expect(failed).toBeLessThanOrEqual(10)

    sink.requests.length = 0
    for (let hour = 0; hour < 20; hour++) {
      await later()
      await turn()
    }
    expect(sink.requests).toHaveLength(20)
    expect(await count('failed')).toBe(failed)

    status = 200
    const calls: number[] = []
    while (await circuit()) {
      sink.requests.length = 0
      await later()
      await turn()
      calls.push(sink.requests.length)
      expect(calls.length).toBeLessThan(20)
    }
    expect(calls.slice(0, 5)).toEqual([1, 5, 10, 20, 40])
    expect(Math.max(...calls)).toBeLessThanOrEqual(limits.circuitReturnMost)
    const ends =
      await admin`select status, count(*)::int as count from runs where id = any(${all.map((id) => id.slice(4))}::uuid[]) group by status`
    expect(Object.fromEntries(ends.map((row) => [row.status, row.count]))).toEqual({
      succeeded: 200 - failed,
      ...(failed > 0 ? { failed } : {}),
    })
    await admin.end()
  })
})
