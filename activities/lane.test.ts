import { eq, inArray } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inOrganization, workerDb } from '@/db/client'
import { renewHolder, type TakenRun } from '@/db/engine'
import { newId } from '@/db/ids'
import { laneTurn } from '@/db/lane'
import { liveRuns, runEvents, runResponses, runSteps, runs } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { acceptRun } from '@/server/services/runs/accept-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { closeTemporal } from '@/server/temporal/client'
import type { Graph, Json } from '@/workflows/graph/schema'
import { adminSql, makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
import { eventually } from '../tests/support/eventually'
import { type HttpSink, startHttpSink } from '../tests/support/http-sink'
import { graphOf, idOf } from '../tests/support/plan-of'
import type { HandedRuns } from './accept-bell'
import { createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder } from './holder'
import { type LaneLimits, startLane } from './lane'
import { createNotices } from './notices'
import { createTurns, type Turns } from './turns'

let organization: TestOrganization
let sink: HttpSink
let held: (() => void)[] = []
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (_, response) => {
      held.push(() => response.end('{}'))
    },
  })
  process.env.MILLRACE_ALLOWED_HOSTS = sink.host
  // Nobody listens there: a lane does not need Temporal.
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:9'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
})
beforeEach(async () => {
  held = []
  const admin = adminSql()
  await admin`delete from live_runs`
  await admin.end()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})
afterAll(async () => {
  await closeTemporal()
  await closePowers()
  await sink.close()
})

/** A lane of its own, rung by the test. */
async function laneOf(options: { limits?: LaneLimits; mostSlow?: number; turnsOf?: (turns: Turns) => Turns } = {}) {
  const hands = createHands()
  const holder = createHolder(hands, 'test', { lane: true })
  await holder.start()
  const own = createTurns(holder.id)
  const turns = options.turnsOf?.(own) ?? own
  const notices = createNotices(workerDb())
  const advancer = createAdvancer({ holder, hands, notices, turns, ...(options.mostSlow ? { mostSlow: options.mostSlow } : {}) })
  let ring = () => {}
  let handed: HandedRuns | undefined
  const lane = startLane({ advancer, hands, holder, turns }, options.limits, (given, hears) => {
    ring = () => given(true)
    handed = hears
    return { stop: async () => {} }
  })
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    advancer.close()
    await lane.stop()
    for (const hand of hands.all()) {
      hand.reason ??= 'shutdown'
      hand.abort.abort(new Error('shutdown'))
    }
    await eventually('empty hands', async () => hands.size === 0)
    await lane.ended()
    await notices.flush()
    await holder.stop()
  }
  stops.push(stop)
  return { hands, holder, stop, ring: () => ring(), handed: handed as HandedRuns }
}

const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const liveOf = async (runId: string) => (await read((tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]
const stepsOf = (runId: string) => read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)).orderBy(runSteps.seq))
const ended = (runId: string) => eventually('the end of the run', async () => (await runOf(runId))?.finishedAt)

async function accepted(graph: Graph, count = 1, input: Json = {}): Promise<string[]> {
  const workflow = await makeWorkflow(organization, { graph })
  const made: string[] = []
  for (let n = 0; n < count; n++) {
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
    made.push(runId)
  }
  return made
}
const claim = async (holderId: string, limit: number) =>
  (await laneTurn({ holderId, limit, after: null, lost: false, ended: [], host: 'test' })).runs
const start = { type: 'trigger.manual' }
const set = (value: string) => ({ type: 'data.set', params: { fields: [{ name: 'value', value }] } })
const call = (settings: Record<string, unknown> = { timeoutMs: 5_000 }) => ({
  type: 'http.request',
  params: { url: `${sink.url}/held` },
  settings: { retry: { attempts: 1 }, ...settings },
})

describe('a lane', () => {
  it('drives a run to its end by itself and writes it once', async () => {
    const answer = { type: 'http.respond', params: { status: 202, body: { ok: true } } }
    const code = { type: 'code.javascript', params: { source: 'return { twice: input.value * 2 }' } }
    const graph = graphOf('start -> set -> code -> answer', { start, set: set('{{ input.n }}'), code, answer })
    const [runId] = (await accepted(graph, 1, { n: 4 })) as [string]
    const { ring } = await laneOf()
    ring()
    await ended(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', stepsDone: 4, moves: 0 })
    expect((await stepsOf(runId)).map((step) => [step.path, step.status, step.epoch])).toEqual(
      ['start', 'set', 'code', 'answer'].map((name) => [idOf(name), 'succeeded', 1]),
    )
    expect(await read((tx) => tx.select().from(runResponses).where(eq(runResponses.runId, runId)))).toMatchObject([
      { status: 202, body: { ok: true } },
    ])
    const events = await read((tx) => tx.select().from(runEvents).where(eq(runEvents.runId, runId)).orderBy(runEvents.id))
    expect(events.map((event) => event.kind)).toEqual(expect.arrayContaining(['accepted', 'finished']))
    expect(await liveOf(runId)).toBeUndefined()
  })

  it('opens a dead letter for a run that fails, with the steps before', async () => {
    const graph = graphOf('start -> set -> halt', {
      start,
      set: set('1'),
      halt: { type: 'flow.stop', params: { message: 'No stock' } },
    })
    const [runId] = (await accepted(graph)) as [string]
    const { ring } = await laneOf()
    ring()
    await ended(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'failed', error: { path: idOf('halt'), message: 'No stock' } })
    expect(await stepsOf(runId)).toHaveLength(3)
  })

  it('keeps text that Postgres cannot hold without hurting the runs that end with it', async () => {
    const graph = graphOf('start -> code', { start, code: { type: 'code.javascript', params: { source: "return 'a\\u0000b'" } } })
    const all = await accepted(graph, 3)
    const { ring } = await laneOf()
    ring()
    for (const runId of all) await ended(runId)
    expect(await runOf(all[0] as string)).toMatchObject({ status: 'succeeded', output: 'a\ufffdb' })
  })

  it('takes no more than it can do; what is left stays accepted until there is room', async () => {
    const all = await accepted(graphOf('start -> call', { start, call: call() }), 5)
    const { hands, ring } = await laneOf({ limits: { inFlight: 2, busy: 10, handed: 0 } })
    ring()
    await eventually('two calls', async () => held.length === 2)
    ring()
    const states = async () => (await read((tx) => tx.select().from(liveRuns).where(inArray(liveRuns.runId, all)))).map((run) => run.state)
    expect((await states()).sort()).toEqual(['accepted', 'accepted', 'accepted', 'running', 'running'])
    expect(hands.size).toBe(2)
    held[0]?.()
    await eventually('a third call', async () => held.length === 3)
    for (let index = 1; index < all.length; index++) {
      await eventually('the next call', async () => held.length > index)
      held[index]?.()
    }
    for (const runId of all) await ended(runId)
  })

  it('goes on computing while runs wait for answers from outside', async () => {
    const waiting = await accepted(graphOf('start -> call', { start, call: call() }), 3)
    const { ring, hands } = await laneOf({ limits: { inFlight: 100, busy: 1, handed: 0 } })
    ring()
    await eventually('three calls', async () => held.length === 3)
    expect(hands.busy).toBe(0)
    const [quick] = (await accepted(graphOf('start -> set', { start, set: set('1') }))) as [string]
    ring()
    await ended(quick)
    for (const answer of held) answer()
    for (const runId of waiting) await ended(runId)
  })

  it('leaves calls that may be slow to Temporal while many runs wait for an answer', async () => {
    const graph = graphOf('start -> call', { start, call: call({ timeoutMs: 30_000 }) })
    const { ring, hands } = await laneOf({ mostSlow: 1 })
    const [rides] = (await accepted(graph)) as [string]
    ring()
    await eventually('a call', async () => held.length === 1)
    expect(hands.busy).toBe(0)
    const [left] = (await accepted(graph)) as [string]
    ring()
    await eventually('the other handed over', async () => (await liveOf(left))?.state === 'waiting')
    expect(held).toHaveLength(1)
    for (const answer of held) answer()
    await ended(rides)
  })

  it('runs the finally of what is under way when somebody cancels the run', async () => {
    const graph = graphOf('start -> try; try.finally -> tidy', {
      start,
      try: { type: 'flow.try' },
      work: { ...call({ timeoutMs: 30_000 }), parent: 'try' },
      tidy: { ...set('1'), parent: 'try' },
    })
    const [runId] = (await accepted(graph)) as [string]
    const { ring, hands } = await laneOf()
    ring()
    await eventually('a call', async () => held.length === 1)
    await requestCancel(organization.caller, { runId })
    const hand = hands.get(runId)
    if (hand) {
      hand.reason = 'cancelled'
      hand.abort.abort(new Error('cancelled'))
    }
    await ended(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'cancelled' })
    const tidied = (await stepsOf(runId)).find(({ path }) => path.endsWith(idOf('tidy')))
    expect(tidied).toMatchObject({ status: 'succeeded' })
  })

  it('hands over what takes long and what waits, also while Temporal is away', async () => {
    const [long] = (await accepted(graphOf('start -> call', { start, call: call({ timeoutMs: 90_000 }) }))) as [string]
    const pause = { type: 'flow.wait', params: { mode: 'for', durationMs: 60_000 } }
    const [waits] = (await accepted(graphOf('start -> pause', { start, pause }))) as [string]
    const { ring } = await laneOf()
    ring()
    await eventually('both handed over', async () => [await liveOf(long), await liveOf(waits)].every((live) => live?.state === 'waiting'))
    expect(await liveOf(long)).toMatchObject({ driver: 'none', wakeSeq: 1, holderId: null })
    expect(await runOf(long)).toMatchObject({ status: 'running' })
    expect(await liveOf(waits)).toMatchObject({ driver: 'none', wakeSeq: 0 })
    expect(await runOf(waits)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'time' } })
    expect(held).toHaveLength(0)
  })

  it('finds what it let fall when an answer of the database was lost', async () => {
    let lose = true
    const [runId] = (await accepted(graphOf('start -> set', { start, set: set('1') }))) as [string]
    const { ring, hands } = await laneOf({
      turnsOf: (turns) => ({
        ...turns,
        async claim(wish) {
          const claimed = await turns.claim(wish)
          if (!lose) return claimed
          lose = false
          throw Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' })
        },
      }),
    })
    ring()
    await eventually('a run that nobody drives', async () => (await liveOf(runId))?.state === 'running' && hands.size === 0)
    ring()
    await ended(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', moves: 0 })
  })

  it('gives back what is under way when its worker stops, and the next lane goes on without a crash counted', async () => {
    const graph = graphOf('start -> set -> call', { start, set: set('1'), call: call() })
    const [runId] = (await accepted(graph)) as [string]
    const first = await laneOf()
    first.ring()
    await eventually('the call', async () => held.length === 1)
    await first.stop()
    expect(await liveOf(runId)).toMatchObject({ state: 'accepted', driver: 'none', holderId: null, crashes: 0 })
    expect(await runOf(runId)).toMatchObject({ status: 'accepted' })
    const second = await laneOf()
    second.ring()
    await eventually('the call again', async () => held.length === 2)
    held[1]?.()
    await ended(runId)
    const steps = await stepsOf(runId)
    expect(steps.filter((step) => step.path === idOf('set')).map((step) => step.epoch)).toEqual([1])
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', moves: 0 })
  })

  it('drives what is handed to it, also where it hears only of its id', async () => {
    const runIds = await accepted(graphOf('start -> set', { start, set: set('done') }), 2)
    const { holder, handed } = await laneOf()
    const [told, large] = (await claim(holder.id, 2)) as [TakenRun, TakenRun]
    handed.take(told)
    handed.take(large.runId)
    for (const runId of runIds) await ended(runId)
    expect((await stepsOf(told.runId)).map((step) => step.epoch)).toEqual([1, 1])
    expect((await stepsOf(large.runId)).map((step) => step.epoch)).toEqual([2, 2])
  })

  it('finds what was handed to it and never heard of, once it stood so for two looks', async () => {
    const [runId] = (await accepted(graphOf('start -> set', { start, set: set('done') }))) as [string]
    const { holder, handed, ring } = await laneOf()
    await claim(holder.id, 1)
    expect(handed.held([runId])).toBe(true)
    ring()
    expect((await runOf(runId))?.finishedAt).toBeNull()
    expect(handed.held([runId])).toBe(false)
    await ended(runId)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', moves: 0 })
  })

  it('keeps what is handed to it until a run that executes by itself is done', async () => {
    const graph = graphOf('start -> call', { start, call: call() })
    const [poor] = (await accepted(graph)) as [string]
    const admin = adminSql()
    await admin`update live_runs set crashes = 1`
    await admin.end()
    const { holder, handed, ring, hands } = await laneOf()
    ring()
    await eventually('the call of the run that crashed', async () => held.length === 1)
    expect(hands.isOpen).toBe(false)
    const [other] = (await accepted(graphOf('start -> set', { start, set: set('done') }))) as [string]
    const [taken] = (await claim(holder.id, 1)) as [TakenRun]
    handed.take(taken)
    expect(hands.size).toBe(1)
    held[0]?.()
    await ended(poor)
    await ended(other)
    expect((await stepsOf(other)).map((step) => step.epoch)).toEqual([1, 1])
  })

  it('executes a run that a worker died of by itself', async () => {
    const [poor, other] = (await accepted(graphOf('start -> call', { start, call: call() }), 2)) as [string, string]
    const holderId = newId('hold')
    await renewHolder({ id: holderId, kind: 'lane', host: 'dead', pid: 1, build: 'test' }, workerDb())
    expect((await claim(holderId, 1)).map((run) => run.runId)).toEqual([poor])
    const admin = adminSql()
    await admin`update holders set lease_until = now() - interval '1 second'`
    await admin.end()
    const { ring, hands } = await laneOf()
    ring()
    await eventually('the call of the other run', async () => held.length === 1)
    expect(await liveOf(poor)).toMatchObject({ crashes: 1 })
    expect(await stepsOf(poor)).toEqual([])
    expect(hands.isOpen).toBe(false)
    held[0]?.()
    await eventually('the call of the run that crashed', async () => held.length === 2)
    expect(hands.size).toBe(1)
    held[1]?.()
    await ended(poor)
    await ended(other)
    expect(await runOf(poor)).toMatchObject({ moves: 1 })
  })
})
