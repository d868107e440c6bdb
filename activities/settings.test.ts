import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { finishRun, sweepLinks, takeRun } from '@/db/engine'
import { newId } from '@/db/ids'
import { deadLetters, liveRuns, runDedupe, runEvents, runSequels, runSteps, runs, scheduleFires, schedules } from '@/db/schema'
import { tidyKept } from '@/db/upkeep'
import { acceptRun } from '@/server/services/runs/accept-run'
import { pauseRun } from '@/server/services/runs/pause-run'
import { replayRun } from '@/server/services/runs/replay-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { resumeRun } from '@/server/services/runs/resume-run'
import { startRun } from '@/server/services/runs/start-run'
import { startSequels } from '@/server/services/runs/start-sequels'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'
import { asAdmin, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../tests/support/database'
import { graphOf, idOf } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { fireSchedule } from './fire-schedule'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'

let organization: TestOrganization
let advancer: Advancer
let holder: Holder

beforeAll(async () => {
  // Nothing listens there: waking a run is a hint and fails at once.
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
})
afterAll(() => holder.stop())

const trigger = { type: 'trigger.manual' }
const set = (name: string, value: Json) => ({ type: 'data.set', params: { fields: [{ name, value }] } })
const pause = { type: 'flow.wait', params: { durationMs: 3_600_000 } }
const halt = { type: 'flow.stop', params: { message: 'No stock.' } }
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
const liveOf = async (runId: string) => (await read((tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]
const advance = (runId: string) => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
const sequelsLeft = () => asAdmin((db) => db.select().from(runSequels).where(eq(runSequels.organizationId, organization.id)))
const withSettings = (settings: WorkflowSettings, graph: Graph): Graph => ({ ...graph, settings })
const waiting = (settings: WorkflowSettings) => withSettings(settings, graphOf('start -> pause', { start: trigger, pause }))

async function made(graph: Graph, name?: string): Promise<TestWorkflow> {
  return makeWorkflow(organization, { graph, ...(name ? { name } : {}) })
}
async function start(workflow: TestWorkflow, input: Json = {}, more: { trigger?: string; key?: string } = {}) {
  return read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: more.trigger ?? 'manual',
      triggerNodeId: null,
      input,
      ...(more.key ? { dedupe: { source: 'test', key: more.key } } : {}),
    }),
  )
}
async function finish(runId: string) {
  for (let slices = 0; slices < 10; slices++) if ((await advance(runId)).kind === 'finished') break
  return runOf(runId)
}
async function cancel(runId: string) {
  await requestCancel(organization.caller, { runId })
  return finish(runId)
}

describe('runs at once', () => {
  const limited = (whenFull: 'queue' | 'skip' | 'cancel_older' | 'refuse', more: { limit?: number; key?: string } = {}) =>
    made(waiting({ concurrency: { limit: more.limit ?? 1, whenFull, key: more.key ?? '' } }))

  it('wait for a free slot and get it in order', async () => {
    const workflow = await limited('queue', { limit: 2 })
    const ids: string[] = []
    for (let n = 0; n < 4; n++) ids.push((await start(workflow, { n })).runId)
    const [a, b, c, d] = ids as [string, string, string, string]
    for (const runId of ids) await advance(runId)
    expect(await runOf(c)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'slot' }, startedAt: null })
    expect(await advance(c)).toEqual({ kind: 'waiting', until: null })
    expect(await cancel(a)).toMatchObject({ status: 'cancelled' })
    expect(await liveOf(c)).toMatchObject({ hasSlot: true, state: 'accepted' })
    expect(await runOf(c)).toMatchObject({ status: 'accepted', waitingFor: null })
    expect(await liveOf(d)).toMatchObject({ hasSlot: false })
    await cancel(b)
    expect(await liveOf(d)).toMatchObject({ hasSlot: true })
  })

  it('are never more than the limit, however many start and end at the same moment', async () => {
    const workflow = await made(
      withSettings({ concurrency: { limit: 2, whenFull: 'queue', key: '' } }, graphOf('start -> a', { start: trigger, a: set('a', 1) })),
    )
    const ids = (await Promise.all(Array.from({ length: 12 }, (_, n) => start(workflow, { n })))).map(({ runId }) => runId)
    const held = async () =>
      (
        await read((tx) =>
          tx
            .select()
            .from(liveRuns)
            .where(and(eq(liveRuns.workflowId, workflow.id), eq(liveRuns.hasSlot, true))),
        )
      ).length
    expect(await held()).toBe(2)
    for (let round = 0; round < 8; round++) {
      await Promise.all(ids.map((runId) => advance(runId).catch(() => null)))
      expect(await held()).toBeLessThanOrEqual(2)
    }
    for (const runId of ids) expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
  })

  it('count for each key by itself', async () => {
    const workflow = await limited('queue', { key: '{{ input.customer }}' })
    const one = await start(workflow, { customer: 'a' })
    const other = await start(workflow, { customer: 'b' })
    const again = await start(workflow, { customer: 'a' })
    expect([await liveOf(one.runId), await liveOf(other.runId), await liveOf(again.runId)].map((live) => live?.hasSlot)).toEqual([
      true,
      true,
      false,
    ])
    const broken = await start(workflow, null)
    expect((await liveOf(broken.runId))?.hasSlot).toBe(true)
  })

  it('that are too many are skipped where the settings say so', async () => {
    const workflow = await limited('skip')
    await start(workflow)
    const second = await start(workflow)
    expect(second.skipped).toBe(true)
    expect(await runOf(second.runId)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(Date) })
    expect(await liveOf(second.runId)).toBeUndefined()
    const events = await read((tx) => tx.select().from(runEvents).where(eq(runEvents.runId, second.runId)))
    expect(events.map((event) => event.kind)).toEqual(['skipped'])
  })

  it('that are too many are refused where the settings say so, but not the same call again', async () => {
    const workflow = await limited('refuse')
    const first = await start(workflow, {}, { key: 'k' })
    await expect(startRun(organization.caller, { workflowId: workflow.id, version: 'live', waitSeconds: 0 })).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      retryAfterSeconds: 10,
    })
    expect(await start(workflow, {}, { key: 'k' })).toEqual({ runId: first.runId, duplicate: true, skipped: false })
    await expect(start(workflow, {}, { key: 'other' })).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    const kept = await read((tx) => tx.select().from(runDedupe).where(eq(runDedupe.runId, first.runId)))
    expect(kept).toHaveLength(1)
  })

  it('make room for a newer one where the settings say so', async () => {
    const workflow = await limited('cancel_older')
    const older = await start(workflow)
    await advance(older.runId)
    const newer = await start(workflow)
    const newest = await start(workflow)
    expect(await finish(older.runId)).toMatchObject({ status: 'cancelled' })
    expect(await finish(newer.runId)).toMatchObject({ status: 'cancelled' })
    expect(await advance(newest.runId)).toMatchObject({ kind: 'waiting' })
    expect(await runOf(newest.runId)).toMatchObject({ waitingFor: { kind: 'time' } })
  })

  it('that wait for a slot are moved by nothing but a slot or a cancel', async () => {
    const workflow = await limited('queue')
    await start(workflow)
    const { runId } = await start(workflow)
    await pauseRun(organization.caller, { runId })
    await resumeRun(organization.caller, { runId })
    expect(await advance(runId)).toEqual({ kind: 'waiting', until: null })
    expect(await cancel(runId)).toMatchObject({ status: 'cancelled', startedAt: expect.any(Date) })
  })

  it('go on when a slot was lost on the way', async () => {
    const workflow = await limited('queue')
    const first = await start(workflow)
    const { runId } = await start(workflow)
    await asAdmin(async (db) => {
      await db.execute('alter table live_runs disable trigger slot_freed')
      await db.delete(liveRuns).where(eq(liveRuns.runId, first.runId))
      await db.execute('alter table live_runs enable trigger slot_freed')
    })
    expect((await liveOf(runId))?.hasSlot).toBe(false)
    expect(await sweepLinks()).toContain(runId)
    expect((await liveOf(runId))?.hasSlot).toBe(true)
  })

  it('go by priority where it is set', async () => {
    const urgent = await made(waiting({ priority: 1 }))
    const { runId } = await start(urgent)
    expect((await liveOf(runId))?.priority).toBe(1)
  })

  it('do not count a test of the draft', async () => {
    const workflow = await limited('refuse')
    await start(workflow)
    expect(await start(workflow, {}, { trigger: 'test' })).toMatchObject({ skipped: false })
  })
})

describe('an error workflow', () => {
  const told = () => made(graphOf('failed -> note', { failed: { type: 'trigger.error' }, note: set('why', '{{ input.error.message }}') }))
  const failing = (errorWorkflow: TestWorkflow, name?: string) =>
    made(withSettings({ errorWorkflow: errorWorkflow.id }, graphOf('start -> halt', { start: trigger, halt })), name)
  const startedBy = (workflow: TestWorkflow) => read((tx) => tx.select().from(runs).where(eq(runs.workflowId, workflow.id)))
  const untilTold = async (workflow: TestWorkflow) => {
    for (let looks = 0; looks < 200; looks++) {
      const found = await startedBy(workflow)
      if (found.length > 0) return found
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return []
  }

  it('hears once of a run that failed: which, where, why and its address', async () => {
    const listener = await told()
    const workflow = await failing(listener, 'Order intake')
    const { runId } = await start(workflow)
    expect(await finish(runId)).toMatchObject({ status: 'failed' })
    const [run, ...more] = await untilTold(listener)
    expect(more).toEqual([])
    expect(run).toMatchObject({
      trigger: 'error',
      triggerNodeId: idOf('failed'),
      input: {
        workflow: { id: workflow.id, name: 'Order intake', version: 1 },
        run: { id: runId, url: expect.stringMatching(new RegExp(`^http.*/o/${organization.slug}/runs/${runId}$`)), trigger: 'manual' },
        step: { path: idOf('halt'), title: 'halt' },
        error: { class: 'business', code: 'stop', message: 'No stock.' },
      },
    })
    expect(await finish(run?.id ?? '')).toMatchObject({ status: 'succeeded', output: expect.objectContaining({ why: 'No stock.' }) })
    expect(await withDatabase(workerDb(), () => startSequels(runId))).toEqual([])
    expect(await startedBy(listener)).toHaveLength(1)
  })

  it('is started by the sweep when the worker died first, and once by two that try', async () => {
    const listener = await told()
    const workflow = await failing(listener)
    const { runId } = await start(workflow)
    const take = await takeRun(runId, holder.id)
    if (take.outcome !== 'taken') throw new Error('not taken')
    const error = { class: 'business', code: 'stop', message: 'No.', path: 'halt____', nodeTitle: 'halt' }
    await finishRun({ organizationId: organization.id, runId, epoch: take.epoch }, { status: 'failed', error })
    await asAdmin((db) =>
      db
        .update(runSequels)
        .set({ createdAt: new Date(Date.now() - 60_000) })
        .where(eq(runSequels.runId, runId)),
    )
    expect(await sweepLinks()).toContain(runId.replace('run_', 'evt_'))
    await withDatabase(workerDb(), () => Promise.all([startSequels(runId), startSequels(runId)]))
    expect(await startedBy(listener)).toHaveLength(1)
  })

  it('that fails itself starts nobody, also where it names itself', async () => {
    const self = newId('wf')
    const graph = withSettings({ errorWorkflow: self }, graphOf('failed -> halt', { failed: { type: 'trigger.error' }, halt }))
    const listener = await makeWorkflow(organization, { id: self, graph })
    const { runId } = await start(await failing(listener))
    await finish(runId)
    const [run] = await untilTold(listener)
    expect(await finish(run?.id ?? '')).toMatchObject({ status: 'failed' })
    expect(await sequelsLeft()).toEqual([])
    expect(await startedBy(listener)).toHaveLength(1)
    const letters = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.workflowId, self)))
    expect(letters).toHaveLength(1)
  })

  it('is not started by a failure of what it calls itself, so that no two start each other for ever', async () => {
    const [self, called] = [newId('wf'), newId('wf')]
    const call = { type: 'flow.sub_workflow', params: { workflow: called, wait: false } }
    const listener = await makeWorkflow(organization, {
      id: self,
      graph: graphOf('failed -> call', { failed: { type: 'trigger.error' }, call }),
    })
    const graph = withSettings({ errorWorkflow: self }, graphOf('start -> halt', { start: trigger, halt }))
    const failingToo = await makeWorkflow(organization, { id: called, graph })
    const { runId } = await start(failingToo)
    await finish(runId)
    const [told] = await untilTold(listener)
    await finish(told?.id ?? '')
    const [again] = (await startedBy(failingToo)).filter(({ id }) => id !== runId)
    expect(await finish(again?.id ?? '')).toMatchObject({ status: 'failed', parentRunId: told?.id })
    await withDatabase(workerDb(), () => startSequels(again?.id ?? ''))
    expect(await sequelsLeft()).toEqual([])
    expect(await startedBy(listener)).toHaveLength(1)
  })

  it('that is not live leaves nothing behind', async () => {
    const listener = await makeWorkflow(organization, {
      graph: graphOf('failed -> a', { failed: { type: 'trigger.error' }, a: set('a', 1) }),
      publish: false,
    })
    const { runId } = await start(await failing(listener))
    await finish(runId)
    await withDatabase(workerDb(), () => startSequels(runId))
    expect(await sequelsLeft()).toEqual([])
  })

  it('hears nothing of runs that succeed, are cancelled or test a draft', async () => {
    const listener = await told()
    const workflow = await made(withSettings({ errorWorkflow: listener.id }, graphOf('start -> pause', { start: trigger, pause })))
    const { runId } = await start(workflow)
    await advance(runId)
    expect(await cancel(runId)).toMatchObject({ status: 'cancelled' })
    const tested = await start(await failing(listener), {}, { trigger: 'test' })
    await finish(tested.runId)
    expect(await sequelsLeft()).toEqual([])
  })
})

describe('what a workflow takes and gives', () => {
  const schema: Json = { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] }
  const checked = (settings: WorkflowSettings = { input: schema }) =>
    made(withSettings(settings, graphOf('start -> a', { start: trigger, a: set('sku', '{{ input.sku }}') })))

  it('is checked when a person or an API key starts it', async () => {
    const workflow = await checked()
    const begin = (input: Json) => startRun(organization.caller, { workflowId: workflow.id, version: 'live', waitSeconds: 0, input })
    await expect(begin({ sku: 3 })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      pointer: '/input/sku',
      message: expect.stringContaining('must be a text'),
    })
    await expect(begin({})).rejects.toMatchObject({ problems: [{ pointer: '/sku' }] })
    expect((await begin({ sku: 'A1' })).status).toBe('accepted')
  })

  it('is checked when another workflow calls it', async () => {
    const workflow = await checked()
    const { runId } = await start(
      await made(graphOf('start -> call', { start: trigger, call: { type: 'flow.sub_workflow', params: { workflow: workflow.id } } })),
    )
    expect(await finish(runId)).toMatchObject({ status: 'failed', error: { code: 'child.input', class: 'bad_data' } })
    expect(await read((tx) => tx.select().from(runs).where(eq(runs.parentRunId, runId)))).toEqual([])
  })

  it('is checked when a schedule fires, and the ledger says so', async () => {
    const workflow = await checked()
    const scheduleId = newId('sch')
    await read((tx) =>
      tx.insert(schedules).values({
        organizationId: organization.id,
        id: scheduleId,
        workflowId: workflow.id,
        environmentId: organization.environmentId,
        name: 'Nightly',
        cron: '0 3 * * *',
        timeZone: 'UTC',
        input: { sku: 7 },
      }),
    )
    await withDatabase(workerDb(), () => fireSchedule({ scheduleId, revision: 1, nominalAt: Date.now() }))
    const [fire] = await read((tx) => tx.select().from(scheduleFires).where(eq(scheduleFires.scheduleId, scheduleId)))
    expect(fire).toMatchObject({ outcome: 'skipped', reason: expect.stringContaining('“sku” must be a text') })
    await read((tx) =>
      tx
        .update(schedules)
        .set({ input: { sku: 'A1' } })
        .where(eq(schedules.id, scheduleId)),
    )
    await withDatabase(workerDb(), () => fireSchedule({ scheduleId, revision: 1, nominalAt: Date.now() - 20_000 }))
    const fires = await read((tx) => tx.select().from(scheduleFires).where(eq(scheduleFires.scheduleId, scheduleId)))
    expect(fires.map((one) => one.outcome).sort()).toEqual(['ran', 'skipped'])
  })

  it('is checked when it is run again with another input', async () => {
    const workflow = await checked()
    const { runId } = await start(workflow, { sku: 'A1' })
    await finish(runId)
    await expect(replayRun(organization.caller, { runId, input: { sku: null } })).rejects.toMatchObject({ code: 'UNPROCESSABLE' })
    const again = await replayRun(organization.caller, { runId })
    await finish(again.runId)
    const wrong = { runId: again.runId, input: { sku: null } }
    await expect(replayRun(organization.caller, wrong)).rejects.toMatchObject({ code: 'UNPROCESSABLE' })
    const called = await start(workflow, { sku: 'A1' }, { trigger: 'workflow' })
    await finish(called.runId)
    await expect(replayRun(organization.caller, { ...wrong, runId: called.runId })).rejects.toMatchObject({ code: 'UNPROCESSABLE' })
  })

  it('is kept: a run that does not give what was promised fails', async () => {
    const workflow = await checked({ output: { type: 'object', required: ['total'] } })
    const { runId } = await start(workflow, { sku: 'A1' })
    expect(await finish(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'run.output', message: expect.stringContaining('“total” is missing') },
    })
  })
})

describe('the longest duration', () => {
  it('ends a run that waits', async () => {
    const { runId } = await start(await made(waiting({ maxDurationMs: 60_000 })))
    const answer = await advance(runId)
    expect(answer).toEqual({ kind: 'waiting', until: ((await runOf(runId))?.startedAt?.getTime() as number) + 60_000 })
    await asAdmin(async (db) => {
      await db
        .update(runs)
        .set({ startedAt: new Date(Date.now() - 61_000) })
        .where(eq(runs.id, runId))
      await db
        .update(liveRuns)
        .set({ dueAt: new Date(Date.now() - 1_000) })
        .where(eq(liveRuns.runId, runId))
    })
    expect(await finish(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'run.too_long', message: expect.stringContaining('1 min') },
    })
  })

  it('ends a run in the middle of a step', async () => {
    const graph = graphOf('start -> slow -> after', {
      start: trigger,
      slow: { type: 'code.javascript', params: { source: 'const end = Date.now() + 8000; while (Date.now() < end) {} return 1' } },
      after: set('a', 1),
    })
    const { runId } = await start(await made(withSettings({ maxDurationMs: 1_000 }, graph)))
    expect(await finish(runId)).toMatchObject({ status: 'failed', error: { code: 'run.too_long' } })
  })

  it('lets what was under way clean up first, whether it waited or worked', async () => {
    const slow = { type: 'code.javascript', params: { source: 'const end = Date.now() + 8000; while (Date.now() < end) {} return 1' } }
    for (const work of [pause, slow]) {
      const graph = graphOf('start -> attempt -> after; attempt.finally -> tidy', {
        start: trigger,
        attempt: { type: 'flow.try' },
        work: { ...work, parent: 'attempt' },
        tidy: { ...set('tidied', '{{ input.status }}'), parent: 'attempt' },
        after: set('a', 1),
      })
      const { runId } = await start(await made(withSettings({ maxDurationMs: 1_000 }, graph)))
      await advance(runId)
      if (work === pause) await new Promise((go) => setTimeout(go, 1_100))
      expect(await finish(runId)).toMatchObject({ status: 'failed', error: { code: 'run.too_long' } })
      const steps = await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))
      expect(steps.find(({ path }) => path.endsWith(idOf('tidy')))).toMatchObject({ status: 'succeeded', output: { tidied: 'cancelled' } })
      expect(steps.find(({ path }) => path === idOf('after'))).toBeUndefined()
    }
  })
})

describe('what is kept', () => {
  it('goes by the settings of the version', async () => {
    const workflow = await made(
      withSettings({ keepSucceededDays: 2, keepFailedDays: 9 }, graphOf('start -> a', { start: trigger, a: set('a', 1) })),
    )
    const { runId } = await start(workflow)
    const run = await finish(runId)
    expect((run?.keepUntil?.getTime() ?? 0) - (run?.finishedAt?.getTime() ?? 0)).toBe(2 * 86_400_000)
    await tidyKept()
    expect(await runOf(runId)).toBeDefined()
    await asAdmin((db) =>
      db
        .update(runs)
        .set({ keepUntil: new Date(Date.now() - 1_000) })
        .where(eq(runs.id, runId)),
    )
    expect(await tidyKept()).toBe(1)
    expect(await runOf(runId)).toBeUndefined()
    expect(await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))).toEqual([])
  })

  it('of a failed run stays while its dead letter is open', async () => {
    const { runId } = await start(await made(withSettings({ keepFailedDays: 1 }, graphOf('start -> halt', { start: trigger, halt }))))
    await finish(runId)
    await asAdmin((db) =>
      db
        .update(runs)
        .set({ keepUntil: new Date(Date.now() - 1_000) })
        .where(eq(runs.id, runId)),
    )
    await tidyKept()
    expect(await runOf(runId)).toBeDefined()
  })

  it('of a successful run is no more than its output where only failures are recorded', async () => {
    const graph = graphOf('start -> a -> b', { start: trigger, a: set('secret', 'canary'), b: set('b', 1) })
    const workflow = await made(withSettings({ record: 'failures' }, graph))
    const { runId } = await start(workflow)
    expect(await finish(runId)).toMatchObject({ status: 'succeeded', output: { secret: 'canary', b: 1 } })
    const steps = await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))
    expect(steps.map((step) => [step.status, step.output, step.inputHash])).toEqual(steps.map(() => ['succeeded', null, null]))
    const again = await replayRun(organization.caller, { runId, fromPath: idOf('b') })
    expect(await finish(again.runId)).toMatchObject({ status: 'succeeded', output: { secret: 'canary', b: 1 } })
  })
})
