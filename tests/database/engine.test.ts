import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPool, inOrganization, type Pool } from '@/db/client'
import {
  countAlone,
  finishRun,
  giveBackRun,
  noteSteps,
  recordSteps,
  renewHolder,
  sweepRuns,
  type TakenRun,
  takeRun,
  waitRun,
} from '@/db/engine'
import { fromUuid, newId, newUuid, toUuid } from '@/db/ids'
import { deadLetters, liveRuns, runEvents, runSteps, runs, runWaits, tasks, usageHourly } from '@/db/schema'
import { tidyKept } from '@/db/upkeep'
import { acceptRun } from '@/server/services/runs/accept-run'
import { pauseRun } from '@/server/services/runs/pause-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { resumeRun } from '@/server/services/runs/resume-run'
import { settleWait } from '@/server/services/runs/settle-wait'
import type { Json } from '@/workflows/graph/schema'
import { adminSql, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../support/database'
import { graphOf } from '../support/plan-of'

let organization: TestOrganization
let workflow: TestWorkflow
let a: Pool
let b: Pool
const holderA = newId('hold')
const holderB = newId('hold')

const leaseOf = (id: string, db: Pool) => renewHolder({ id, kind: 'worker', host: 'test', pid: 1, build: 'test' }, db)

beforeAll(async () => {
  organization = await makeOrganization()
  workflow = await makeWorkflow(organization, {
    graph: graphOf('start -> end', { start: { type: 'trigger.manual' }, end: { type: 'data.set' } }),
  })
  a = createPool(process.env.DATABASE_WORKER_URL as string, { max: 2 })
  b = createPool(process.env.DATABASE_WORKER_URL as string, { max: 2 })
})
beforeEach(async () => {
  await leaseOf(holderA, a)
  await leaseOf(holderB, b)
})
afterAll(async () => {
  await a.$client.end({ timeout: 1 })
  await b.$client.end({ timeout: 1 })
})

async function accept(more: { trigger?: string; key?: string; input?: Json } = {}): Promise<{ runId: string; duplicate: boolean }> {
  return inOrganization(organization.id, (tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: more.trigger ?? 'manual',
      triggerNodeId: null,
      input: more.input ?? {},
      ...(more.key ? { dedupe: { source: 'test', key: more.key } } : {}),
    }),
  )
}
async function taken(runId: string, holder = holderA, db = a): Promise<TakenRun> {
  const take = await takeRun(runId, holder, db)
  if (take.outcome !== 'taken') throw new Error(`not taken but ${take.outcome}`)
  return take
}
const fenceOf = (runId: string, take: TakenRun) => ({ organizationId: organization.id, runId, epoch: take.epoch })
const step = (path: string, more: Record<string, unknown> = {}) => ({
  path,
  attempt: 1,
  status: 'succeeded',
  port: 'main',
  output: { from: path },
  seq: 1,
  started_at: new Date().toISOString(),
  duration_us: 5,
  ...more,
})
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const liveOf = async (runId: string) => (await read((tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
async function letLeaseRunOut(holder: string) {
  const admin = adminSql()
  await admin`update holders set lease_until = now() - interval '1 second' where id = ${toUuid(holder, 'hold')}`
  await admin.end()
}
async function makeOld(runId: string) {
  const admin = adminSql()
  await admin`update live_runs set changed_at = now() - interval '40 seconds' where run_id = ${toUuid(runId, 'run')}`
  await admin.end()
}

describe('accepting a run', () => {
  it('starts one run for one key, whoever asks first', async () => {
    const [one, two] = await Promise.all([accept({ key: 'k1' }), accept({ key: 'k1' })])
    expect(one.runId).toBe(two.runId)
    expect([one.duplicate, two.duplicate].sort()).toEqual([false, true])
  })
})

describe('the fence', () => {
  it('lets a late write of the former holder write nothing', async () => {
    const { runId } = await accept()
    const first = await taken(runId)
    await letLeaseRunOut(holderA)
    const second = await taken(runId, holderB, b)
    expect(second).toMatchObject({ moved: true, epoch: first.epoch + 1 })
    expect(await recordSteps(fenceOf(runId, first), [step('late')], a)).toBeNull()
    expect(await waitRun(fenceOf(runId, first), { wakeSeen: 0, until: null, waitingFor: null }, a)).toEqual({ outcome: 'fenced' })
    expect(await finishRun(fenceOf(runId, first), { status: 'succeeded' }, a)).toEqual({ outcome: 'fenced' })
    expect(await giveBackRun(runId, first.epoch, 'more', { db: a })).toBe(false)
    expect(await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))).toEqual([])
    expect((await runOf(runId))?.moves).toBe(1)
  })

  it('makes a take-over wait for a write that has begun, and see it', async () => {
    const { runId } = await accept()
    const first = await taken(runId)
    let release: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let written: () => void = () => {}
    const wrote = new Promise<void>((resolve) => {
      written = resolve
    })
    const writing = a.transaction(async (tx) => {
      await recordSteps(fenceOf(runId, first), [step('kept')], tx)
      written()
      await gate
    })
    await wrote
    await letLeaseRunOut(holderA)
    const taking = taken(runId, holderB, b)
    const [waiting] = await a.execute<{ waiting: boolean }>(
      sql`select true as waiting from pg_stat_activity where wait_event_type = 'Lock'`,
    )
    release()
    await writing
    await taking
    expect(waiting === undefined || waiting.waiting).toBe(true)
    const rows = await b.execute(sql`select path from engine_steps(${toUuid(organization.id, 'org')}, ${toUuid(runId, 'run')})`)
    expect(rows.map((row) => row.path)).toEqual(['kept'])
  })

  it('never changes a finished attempt', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    await recordSteps(fenceOf(runId, take), [step('once', { status: 'started', port: null, output: null })], a)
    await recordSteps(fenceOf(runId, take), [step('once', { output: { n: 1 }, cost_micros: 5, model: 'm', currency: 'EUR', seq: 2 })], a)
    await recordSteps(fenceOf(runId, take), [step('once', { output: { n: 2 }, cost_micros: 5, model: 'm', currency: 'EUR', seq: 3 })], a)
    const [row] = await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))
    expect(row).toMatchObject({ status: 'succeeded', output: { n: 1 } })
    expect((await runOf(runId))?.costMicros).toBe(5)
  })

  it('holds for plain steps, too, which are written in a shorter way', async () => {
    const { runId } = await accept()
    const first = await taken(runId)
    const begun = { status: 'started', port: null, output: null, duration_us: 0 }
    expect(await noteSteps(fenceOf(runId, first), [step('one'), step('two', { ...begun, seq: 2 })], a)).toEqual({
      cancel: false,
      pause: false,
      told: null,
    })
    await noteSteps(fenceOf(runId, first), [step('one', { output: { n: 2 }, seq: 3 }), step('two', { output: { n: 3 }, seq: 4 })], a)
    const rows = await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)).orderBy(runSteps.path))
    expect(rows).toMatchObject([
      { path: 'one', status: 'succeeded', output: step('one').output, seq: 1, costMicros: 0, epoch: first.epoch },
      { path: 'two', status: 'succeeded', output: { n: 3 }, seq: 4, costMicros: 0 },
    ])
    await requestCancel(organization.caller, { runId })
    expect(await noteSteps(fenceOf(runId, first), [step('three')], a)).toMatchObject({ cancel: true, pause: false })
    await letLeaseRunOut(holderA)
    await taken(runId, holderB, b)
    expect(await noteSteps(fenceOf(runId, first), [step('late')], a)).toBeNull()
  })
})

describe('taking a run', () => {
  it('gives it to one of two that ask at once', async () => {
    const { runId } = await accept()
    const takes = await Promise.all([takeRun(runId, holderA, a), takeRun(runId, holderB, b)])
    expect(takes.map((take) => take.outcome).sort()).toEqual(['held', 'taken'])
  })

  it('gives back to a holder what that same holder let fall', async () => {
    const { runId } = await accept()
    const first = await taken(runId)
    const second = await taken(runId)
    expect(second).toMatchObject({ epoch: first.epoch + 1, moved: false, crashes: 0 })
  })

  it('says gone for a run that ended', async () => {
    const { runId } = await accept()
    await finishRun(fenceOf(runId, await taken(runId)), { status: 'succeeded', output: 1 }, a)
    expect(await takeRun(runId, holderA, a)).toEqual({ outcome: 'gone' })
  })
})

describe('waiting', () => {
  const approval = {
    kind: 'approval',
    path: 'ask',
    attempt: 1,
    dueAt: new Date(Date.now() + 3_600_000).toISOString(),
    task: { title: 'Well?', description: '', facts: [], assigneeIds: [], timeoutPort: 'declined' },
  }
  const waitingStep = (wait: Record<string, unknown> = approval) => step('ask', { status: 'waiting', port: null, output: null, wait })
  const settle = (runId: string) =>
    read((tx) =>
      settleWait(tx, { organizationId: organization.id, runId, path: 'ask', attempt: 1, result: { decision: 'approved' }, actorId: 'me' }),
    )

  it('is refused when the run was woken since it was taken', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    await recordSteps(fenceOf(runId, take), [waitingStep()], a)
    await settle(runId)
    expect(await waitRun(fenceOf(runId, take), { wakeSeen: take.wakeSeq, until: null, waitingFor: null }, a)).toEqual({ outcome: 'woken' })
    expect(await taken(runId)).toMatchObject({ wakeSeq: take.wakeSeq + 1 })
  })

  it('gives the person a task and hears one decision only', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    const answer = await recordSteps(fenceOf(runId, take), [waitingStep()], a)
    expect(answer?.told).toMatchObject([{ kind: 'task' }])
    expect(await waitRun(fenceOf(runId, take), { wakeSeen: take.wakeSeq, until: null, waitingFor: { kind: 'approval' } }, a)).toMatchObject(
      { outcome: 'waiting' },
    )
    expect(await runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'approval' } })
    expect(await takeRun(runId, holderB, b)).toMatchObject({ outcome: 'waiting' })
    const results = await Promise.allSettled([settle(runId), settle(runId)])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find((result) => result.status === 'rejected')
    expect(String(refused?.status === 'rejected' && refused.reason.message)).toContain('already decided')
    expect(await takeRun(runId, holderB, b)).toMatchObject({ outcome: 'taken' })
  })

  it('lets the clock decide when it was first, and tells the person', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    const due = new Date(Date.now() - 10).toISOString()
    await recordSteps(fenceOf(runId, take), [waitingStep({ ...approval, dueAt: due })], a)
    await waitRun(fenceOf(runId, take), { wakeSeen: take.wakeSeq, until: new Date(due), waitingFor: null }, a)
    await taken(runId, holderB, b)
    const [wait] = await read((tx) => tx.select().from(runWaits).where(eq(runWaits.runId, runId)))
    expect(wait).toMatchObject({ settledBy: 'timer' })
    const [task] = await read((tx) => tx.select().from(tasks).where(eq(tasks.runId, runId)))
    expect(task?.state).toBe('expired')
    await expect(settle(runId)).rejects.toThrow('already decided')
  })
})

describe('cancel and pause', () => {
  it('come back with the next write and the next renewal', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    await requestCancel(organization.caller, { runId })
    expect(await recordSteps(fenceOf(runId, take), [step('one')], a)).toMatchObject({ cancel: true })
    expect((await leaseOf(holderA, a)).stops).toEqual([{ runId, cancel: true }])
    expect(await finishRun(fenceOf(runId, take), { status: 'failed', error: { message: 'x' } }, a)).toMatchObject({ status: 'cancelled' })
    expect(await runOf(runId)).toMatchObject({ status: 'cancelled', error: null })
    expect(await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))).toEqual([])
  })

  it('ends a waiting run, its waits and its tasks', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    const wait = {
      kind: 'approval',
      path: 'ask',
      attempt: 1,
      dueAt: null,
      task: { title: 'Well?', description: '', facts: [], assigneeIds: [] },
    }
    await recordSteps(fenceOf(runId, take), [step('ask', { status: 'waiting', port: null, output: null, wait })], a)
    await waitRun(fenceOf(runId, take), { wakeSeen: take.wakeSeq, until: null, waitingFor: null }, a)
    await requestCancel(organization.caller, { runId })
    const again = await taken(runId, holderB, b)
    expect(again.cancel).toBe(true)
    await finishRun(fenceOf(runId, again), { status: 'cancelled' }, b)
    const [task] = await read((tx) => tx.select().from(tasks).where(eq(tasks.runId, runId)))
    expect(task?.state).toBe('cancelled')
    const [row] = await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)))
    expect(row).toMatchObject({ status: 'failed', error: { class: 'cancelled' } })
  })

  it('keep a paused run from being taken until it is resumed', async () => {
    const { runId } = await accept()
    await pauseRun(organization.caller, { runId })
    expect(await takeRun(runId, holderA, a)).toEqual({ outcome: 'paused' })
    await makeOld(runId)
    expect((await sweepRuns(50, a)).map((found) => found.runId)).not.toContain(runId)
    await resumeRun(organization.caller, { runId })
    expect(await takeRun(runId, holderA, a)).toMatchObject({ outcome: 'taken' })
  })
})

describe('crashes', () => {
  it('count only when a lease runs out, and prove themselves alone', async () => {
    const { runId } = await accept()
    const counts: [number, number][] = []
    for (let round = 0; round < 5; round++) {
      const [holder, db, other] = round % 2 === 0 ? ([holderA, a, holderB] as const) : ([holderB, b, holderA] as const)
      await leaseOf(holder, db)
      const take = await taken(runId, holder, db)
      counts.push([take.crashes, take.soloCrashes])
      // In the second round it only stands in line.
      if (round >= 2) expect(await countAlone(runId, take.epoch, 1, db)).toBe(true)
      await letLeaseRunOut(holder)
      await leaseOf(other, db)
    }
    expect(counts).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 2],
    ])
  })

  it('of a run that executed by itself count only where the worker did not live, and only for who has the run', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    expect(await countAlone(runId, take.epoch + 1, 1, a)).toBe(false)
    expect(await countAlone(runId, take.epoch, 1, a)).toBe(true)
    expect(await countAlone(runId, take.epoch, -1, a)).toBe(true)
    await letLeaseRunOut(holderA)
    expect(await taken(runId, holderB, b)).toMatchObject({ crashes: 1, soloCrashes: 0 })
  })

  it('are forgotten once the run got somewhere', async () => {
    const { runId } = await accept()
    await taken(runId)
    await letLeaseRunOut(holderA)
    const second = await taken(runId, holderB, b)
    expect(second.crashes).toBe(1)
    await giveBackRun(runId, second.epoch, 'more', { db: b })
    expect(await liveOf(runId)).toMatchObject({ crashes: 0, state: 'accepted' })
  })
})

describe('the end of a run', () => {
  it('opens a dead letter in the same transaction, with what happened', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    const error = { class: 'business', code: 'stop', message: 'No customer', path: 'halt', nodeTitle: 'Halt' }
    const end = await finishRun(fenceOf(runId, take), { status: 'failed', error, signature: 'sig' }, a)
    expect(end).toMatchObject({ outcome: 'finished', status: 'failed' })
    const [letter] = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
    expect(letter).toMatchObject({ state: 'open', signature: 'sig', failedPath: 'halt', nodeTitle: 'Halt', message: 'No customer' })
    const events = await read((tx) => tx.select().from(runEvents).where(eq(runEvents.runId, runId)))
    expect(events.map((event) => event.kind).sort()).toEqual(['accepted', 'finished', 'taken'])
  })

  it('opens none for a test of a draft', async () => {
    const { runId } = await accept({ trigger: 'test' })
    await finishRun(fenceOf(runId, await taken(runId)), { status: 'failed', error: { message: 'x' } }, a)
    expect(await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))).toEqual([])
  })

  it('resolves the dead letter it was started to repair, or opens it again at the new failure', async () => {
    const failed = await accept()
    const error = { class: 'business', code: 'x', message: 'first', path: 'one', nodeTitle: 'One' }
    await finishRun(fenceOf(failed.runId, await taken(failed.runId)), { status: 'failed', error, signature: 's1' }, a)
    const [letter] = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, failed.runId)))
    const repairWith = async (runId: string) =>
      read((tx) =>
        tx
          .update(deadLetters)
          .set({ state: 'retried', retryRunId: runId })
          .where(eq(deadLetters.id, letter?.id as string)),
      )
    const second = await accept()
    await repairWith(second.runId)
    const later = { ...error, message: 'second', path: 'two', nodeTitle: 'Two' }
    await finishRun(fenceOf(second.runId, await taken(second.runId)), { status: 'failed', error: later, signature: 's2' }, a)
    const all = () =>
      read((tx) =>
        tx
          .select()
          .from(deadLetters)
          .where(and(eq(deadLetters.id, letter?.id as string))),
      )
    expect((await all())[0]).toMatchObject({ state: 'open', runId: second.runId, failedPath: 'two', message: 'second', signature: 's2' })
    expect(await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, second.runId)))).toHaveLength(1)
    const third = await accept()
    await repairWith(third.runId)
    await finishRun(fenceOf(third.runId, await taken(third.runId)), { status: 'succeeded', output: 1 }, a)
    expect((await all())[0]).toMatchObject({ state: 'resolved' })
  })

  it('adds up what was spent', async () => {
    const { runId } = await accept()
    const take = await taken(runId)
    const call = { model: 'big', input_tokens: 100, output_tokens: 20, cost_micros: 700, currency: 'USD', practice: false }
    await recordSteps(fenceOf(runId, take), [step('ask', call), step('more', { ...call, seq: 2 })], a)
    await finishRun(fenceOf(runId, take), { status: 'succeeded', output: 1 }, a)
    const rows = await read((tx) => tx.select().from(usageHourly).where(eq(usageHourly.model, 'big')))
    expect(rows).toMatchObject([{ inputTokens: 200, outputTokens: 40, costMicros: 1400, steps: 2, runs: 0 }])
    expect((await runOf(runId))?.costMicros).toBe(1400)
  })
})

describe('the sweep', () => {
  it('finds what nobody moves, once, and leaves the rest alone', async () => {
    const lost = await accept()
    const fresh = await accept()
    await makeOld(lost.runId)
    const found = await sweepRuns(50, a)
    expect(found).toContainEqual({ runId: lost.runId, reason: 'accepted' })
    expect(found.map((one) => one.runId)).not.toContain(fresh.runId)
    expect((await sweepRuns(50, a)).map((one) => one.runId)).not.toContain(lost.runId)
  })

  it('finds a run whose holder is gone', async () => {
    const { runId } = await accept()
    await taken(runId)
    await makeOld(runId)
    expect((await sweepRuns(50, b)).map((one) => one.runId)).not.toContain(runId)
    await makeOld(runId)
    await letLeaseRunOut(holderA)
    expect(await sweepRuns(50, b)).toContainEqual({ runId, reason: 'lease' })
  })

  it('leaves it to one worker at a time', async () => {
    const { runId } = await accept()
    await makeOld(runId)
    await a.transaction(async (tx) => {
      expect(await sweepRuns(50, tx)).toContainEqual({ runId, reason: 'accepted' })
      expect(await sweepRuns(50, b)).toEqual([])
    })
  })
})

describe('keeping runs', () => {
  it('deletes what had its days with its steps, and keeps what a dead letter still needs', async () => {
    const old = Date.now() - 40 * 24 * 3600_000
    const madeThen = (last: string) => `run_${old.toString(16).padStart(12, '0')}7000800000000000000${last}`
    const [gone, needed, fresh] = [madeThen('1'), madeThen('2'), newId('run')]
    const admin = adminSql()
    try {
      for (const [id, finished] of [
        [gone, old],
        [needed, old],
        [fresh, Date.now()],
      ] as const) {
        await admin`insert into runs (organization_id, id, workflow_id, project_id, environment_id, trigger, root_id, status, finished_at)
          select w.organization_id, ${toUuid(id)}, w.id, w.project_id, (select id from environments e where e.organization_id = w.organization_id limit 1),
            'manual', ${toUuid(id)}, 'failed', ${new Date(finished)} from workflows w where w.id = ${toUuid(workflow.id)}`
        await admin`insert into run_steps (organization_id, run_id, path, attempt, status, epoch, seq, started_at)
          values (${toUuid(organization.id)}, ${toUuid(id)}, 'end', 1, 'failed', 1, 1, now())`
      }
      await admin`insert into dead_letters (organization_id, id, run_id, workflow_id, project_id, signature, class, failed_path, node_title, message)
        select organization_id, ${newUuid()}, ${toUuid(needed)}, id, project_id, '', 'internal', 'end', 'End', '' from workflows where id = ${toUuid(workflow.id)}`
      await tidyKept(500, a)
      const left = await admin`select id from runs where id in ${admin([gone, needed, fresh].map((id) => toUuid(id)))} order by id`
      expect(left.map((row) => fromUuid('run', row.id))).toEqual([needed, fresh].sort())
      expect(await admin`select 1 from run_steps where run_id = ${toUuid(gone)}`).toHaveLength(0)
    } finally {
      await admin.end({ timeout: 1 })
    }
  })
})
