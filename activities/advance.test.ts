import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { newId, toUuid } from '@/db/ids'
import { blobs, deadLetters, runResponses, runSteps, runs, runWaits } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { createCredential } from '@/server/services/credentials/create-credential'
import { resolveDeadLetter } from '@/server/services/dead-letters/resolve-dead-letter'
import { acceptRun } from '@/server/services/runs/accept-run'
import { pauseRun } from '@/server/services/runs/pause-run'
import { planReplay } from '@/server/services/runs/plan-replay'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { resumeRun } from '@/server/services/runs/resume-run'
import type { Graph, Json } from '@/workflows/graph/schema'
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
/** What the sink answers with; set by a test. */
let answering: (path: string) => number | 'never' = () => 200

beforeAll(async () => {
  sink = await startHttpSink({
    onRequest: (request, response) => {
      const status = answering(request.path)
      if (status === 'never') return
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ authorization: request.headers.authorization ?? null, path: request.path }))
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
const call = (path: string, more: { params?: Record<string, Json>; settings?: Record<string, unknown> } = {}) => ({
  type: 'http.request',
  params: { url: `${sink.url}/${path}`, ...more.params },
  settings: { retry: { attempts: 1 }, ...more.settings },
})
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const stepsOf = (runId: string) => read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)).orderBy(runSteps.seq))
const advance = (runId: string, short = false): Promise<DriverAnswer> => withDatabase(workerDb(), () => advancer.advance(runId, { short }))

async function accepted(graph: Graph, input: Json = {}): Promise<string> {
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

describe('advance', () => {
  it('leaves long steps to a queue in its short slice and goes on there', async () => {
    const runId = await accepted(graphOf('start -> get', { start: trigger, get: call('ok') }))
    expect(await advance(runId, true)).toEqual({ kind: 'queue', queue: 'default', timeoutMs: 30_000 })
    expect(await runOf(runId)).toMatchObject({ status: 'running' })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', output: { body: { path: '/ok' } } })
    expect(await advance(runId)).toEqual({ kind: 'gone' })
  })

  it('keeps large values apart and hands them on whole', async () => {
    const graph = graphOf('start -> big -> wait -> count', {
      start: trigger,
      big: { type: 'code.javascript', params: { source: 'return { text: "x".repeat(300000) }' } },
      wait: { type: 'flow.wait', params: { mode: 'for', durationMs: 40 } },
      count: { type: 'data.set', params: { fields: [{ name: 'length', value: '{{ input.text.length }}' }] } },
    })
    const runId = await accepted(graph)
    expect(['waiting', 'more']).toContain((await advance(runId)).kind)
    const [step] = (await stepsOf(runId)).filter((one) => one.path === idOf('big'))
    expect(step?.output).toMatchObject({ storedApart: true })
    expect(await read((tx) => tx.select({ bytes: blobs.bytes }).from(blobs))).toMatchObject([{ bytes: 300_011 }])
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect((await runOf(runId))?.output).toMatchObject({ length: 300_000 })
  })

  it('sends a credential through the door and records it nowhere', async () => {
    const { id } = await createCredential(organization.caller, {
      name: 'Registry',
      type: 'http.bearer',
      settings: {},
      secret: { token: 'canary-secret-4711' },
      allowedHosts: [sink.host],
    })
    const runId = await accepted(graphOf('start -> get', { start: trigger, get: call('secret', { params: { credential: id } }) }))
    await advance(runId)
    expect(sink.requests.at(-1)?.headers.authorization).toBe('Bearer canary-secret-4711')
    expect((await runOf(runId))?.output).toMatchObject({ body: { authorization: 'Bearer •••' } })
    const admin = adminSql()
    const [found] = await admin`select count(*)::int as count from run_steps where (input::text || output::text) like '%canary%'`
    await admin.end()
    expect(found?.count).toBe(0)
  })

  it('ends a run whose values the database refuses, instead of trying for ever', async () => {
    const runId = await accepted(
      graphOf('start -> odd -> get', {
        start: trigger,
        odd: { type: 'data.set', params: { fields: [{ name: 'a', value: 1 }] } },
        get: call('ok'),
      }),
    )
    const admin = adminSql()
    await admin.unsafe(`create function refuse_odd() returns trigger language plpgsql as
      $$ begin raise exception 'no' using errcode = '22P05'; end $$;
      create trigger refuse_odd before insert on run_steps for each row when (new.path = '${idOf('odd')}') execute function refuse_odd()`)
    try {
      expect(await advance(runId)).toEqual({ kind: 'finished' })
    } finally {
      await admin.unsafe('drop function refuse_odd cascade')
      await admin.end()
    }
    expect(await runOf(runId)).toMatchObject({ status: 'failed', error: { class: 'bad_data', code: 'run.not_storable' } })
  })

  it('answers a waiting caller once', async () => {
    const graph = graphOf('start -> answer', {
      start: trigger,
      answer: { type: 'http.respond', params: { status: 201, body: { ok: true } } },
    })
    const runId = await accepted(graph)
    await advance(runId)
    const rows = await read((tx) => tx.select().from(runResponses).where(eq(runResponses.runId, runId)))
    expect(rows).toMatchObject([{ status: 201, body: { ok: true } }])
  })

  it('aborts what is under way when the run is cancelled', async () => {
    answering = (path) => (path === '/stuck' ? 'never' : 200)
    const runId = await accepted(graphOf('start -> get', { start: trigger, get: call('stuck') }))
    const advancing = advance(runId)
    await expect.poll(() => sink.requests.at(-1)?.path, { timeout: 10_000 }).toBe('/stuck')
    await requestCancel(organization.caller, { runId, reason: 'wrong customer' })
    expect(await advancing).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'cancelled', error: null })
    const [step] = (await stepsOf(runId)).filter((one) => one.path === idOf('get'))
    expect(step).toMatchObject({ status: 'failed', error: { class: 'cancelled' } })
  })

  it('ends the step under way and stops there when the run is paused', async () => {
    let release: () => void = () => {}
    const arrived = new Promise<void>((resolve) => {
      release = resolve
    })
    answering = (path) => {
      if (path === '/one') release()
      return 200
    }
    const runId = await accepted(graphOf('start -> one -> two', { start: trigger, one: call('one'), two: call('two') }))
    await pauseRun(organization.caller, { runId })
    expect(await advance(runId)).toEqual({ kind: 'waiting', until: null })
    await resumeRun(organization.caller, { runId })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    await arrived
  })

  /** As a worker that died leaves it. */
  async function leftBehind(runId: string, counts: { crashes: number; alone: number }): Promise<void> {
    const admin = adminSql()
    await admin`update live_runs set state = 'running', holder_id = ${toUuid(newId('hold'))}, crashes = ${counts.crashes}, solo_crashes = ${counts.alone}
      where run_id = ${toUuid(runId)}`
    await admin.end()
  }

  it('does not blame a run for crashes that it did not cause, however many', async () => {
    const runId = await accepted(graphOf('start -> one', { start: trigger, one: call('one') }))
    await leftBehind(runId, { crashes: 7, alone: 0 })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded', moves: 1 })
  })

  it('writes down that a run executes by itself before it does', async () => {
    answering = () => 'never'
    const runId = await accepted(graphOf('start -> one', { start: trigger, one: call('by-itself') }))
    await leftBehind(runId, { crashes: 1, alone: 0 })
    const admin = adminSql()
    const alone = async () => (await admin`select solo_crashes from live_runs where run_id = ${toUuid(runId)}`)[0]?.solo_crashes
    const ends = advance(runId)
    await expect.poll(() => sink.requests.at(-1)?.path, { timeout: 10_000 }).toBe('/by-itself')
    expect(await alone()).toBe(1)
    await requestCancel(organization.caller, { runId })
    expect(await ends).toEqual({ kind: 'finished' })
    await admin.end()
  })

  it('gives a run that kills workers to a person', async () => {
    const runId = await accepted(graphOf('start -> one', { start: trigger, one: call('one') }))
    await leftBehind(runId, { crashes: 3, alone: 3 })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'failed', moves: 1, error: { code: 'run.crashes_worker' } })
    const [letter] = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
    expect(letter?.state).toBe('open')
  })
})

describe('repairing a dead letter', () => {
  it('reuses what was finished, runs the rest, and resolves the letter', async () => {
    const post = (path: string) => call(path, { params: { method: 'POST' } })
    let broken = true
    answering = (path) => (path === '/second' && broken ? 400 : 200)
    const runId = await accepted(
      graphOf('start -> first -> second -> third', { start: trigger, first: post('first'), second: post('second'), third: post('third') }),
      { n: 1 },
    )
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({ status: 'failed', error: { path: idOf('second') } })
    const plan = await planReplay(organization.caller, { runId, fromPath: idOf('second') })
    expect(plan).toMatchObject({ reused: [{ path: idOf('first') }], again: [{ path: idOf('second') }, { path: idOf('third') }] })
    expect(plan.effects).toHaveLength(2)

    const [letter] = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
    const before = sink.requests.length
    broken = false
    const again = await resolveDeadLetter(organization.caller, { deadLetterId: letter?.id as string })
    expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    expect(sink.requests.slice(before).map((request) => request.path)).toEqual(['/second', '/third'])
    // The other side sees the keys of the first run.
    expect(sink.requests.slice(before).map((request) => request.headers['idempotency-key'])).toEqual([
      `${runId}/${idOf('second')}/0/0`,
      `${runId}/${idOf('third')}/0/0`,
    ])
    const repaired = await runOf(again.runId)
    expect(repaired).toMatchObject({ status: 'succeeded', rootId: runId, replayOfId: runId, trigger: 'replay' })
    const reused = (await stepsOf(again.runId)).find((step) => step.path === idOf('first'))
    expect(reused).toMatchObject({ originRunId: runId, costMicros: 0 })
    const [closed] = await read((tx) =>
      tx
        .select()
        .from(deadLetters)
        .where(eq(deadLetters.id, letter?.id as string)),
    )
    expect(closed).toMatchObject({ state: 'resolved', closedBy: organization.owner.id })
  })
})

describe('waiting', () => {
  it('writes the wait with the step, and its next try as a wait too', async () => {
    answering = () => 503
    const retry = { attempts: 2, backoff: 'fixed', delayMs: 60_000, jitter: 0 }
    const runId = await accepted(graphOf('start -> get', { start: trigger, get: call('busy', { settings: { retry } }) }))
    const answer = await advance(runId)
    expect(answer).toMatchObject({ kind: 'waiting' })
    expect(await runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'retry', path: idOf('get') } })
    const waits = await read((tx) =>
      tx
        .select()
        .from(runWaits)
        .where(and(eq(runWaits.runId, runId), eq(runWaits.path, idOf('get')))),
    )
    expect(waits).toMatchObject([{ kind: 'retry', attempt: 1, settledAt: null }])
    expect(await advance(runId)).toEqual(answer)
  })
})
