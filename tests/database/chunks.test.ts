import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  chunkRows,
  countChunks,
  countWorkers,
  dropChunks,
  endChunk,
  freeChunks,
  giveBackChunk,
  recordInChunk,
  startChunks,
  stopChunks,
  sweepChunks,
  type TakenChunk,
  takeChunk,
  watchChunk,
} from '@/db/chunks'
import { createPool, inOrganization, type Pool } from '@/db/client'
import { dropWaits, finishRun, recordSteps, releaseHolder, renewHolder, type TakenRun, takeRun, waitRun } from '@/db/engine'
import { newId, toUuid } from '@/db/ids'
import { liveRuns, runChunks, runSteps, runs, runWaits } from '@/db/schema'
import { acceptRun } from '@/server/services/runs/accept-run'
import { pauseRun } from '@/server/services/runs/pause-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { adminSql, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../support/database'
import { graphOf } from '../support/plan-of'

let organization: TestOrganization
let workflow: TestWorkflow
let a: Pool
let b: Pool
const holderA = newId('hold')
const holderB = newId('hold')

const leaseOf = (id: string, db: Pool, build = 'test') => renewHolder({ id, kind: 'worker', host: 'test', pid: 1, build }, db)

beforeAll(async () => {
  organization = await makeOrganization()
  workflow = await makeWorkflow(organization, {
    graph: graphOf('start -> end', { start: { type: 'trigger.manual' }, end: { type: 'data.set' } }),
  })
  a = createPool(process.env.DATABASE_WORKER_URL as string, { max: 3 })
  b = createPool(process.env.DATABASE_WORKER_URL as string, { max: 3 })
})
beforeEach(async () => {
  await leaseOf(holderA, a)
  await leaseOf(holderB, b)
})
afterAll(async () => {
  await a.$client.end({ timeout: 1 })
  await b.$client.end({ timeout: 1 })
})

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
const text = (...steps: Record<string, unknown>[]) => JSON.stringify(steps.map((one, index) => ({ ...one, seq: index + 1 })))
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const liveOf = async (runId: string) => (await read((tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]
const chunksOf = (runId: string) => read((tx) => tx.select().from(runChunks).where(eq(runChunks.runId, runId)).orderBy(runChunks.no))
const stepsOf = (runId: string) => read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, runId)).orderBy(runSteps.path))
const waitOf = async (runId: string) => (await read((tx) => tx.select().from(runWaits).where(eq(runWaits.runId, runId))))[0]
const runFence = (run: TakenRun) => ({ organizationId: organization.id, runId: run.runId, epoch: run.epoch })

async function letLeaseRunOut(holder: string) {
  const admin = adminSql()
  await admin`update holders set lease_until = now() - interval '1 second' where id = ${toUuid(holder, 'hold')}`
  await admin.end()
}

/** A run whose loop of 300 items waits for three chunks, two of which may be under way at once. */
async function chunked({ parks = true } = {}): Promise<{ runId: string; run: TakenRun }> {
  const { runId } = await read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input: {},
    }),
  )
  const run = await takeRun(runId, holderA, a)
  if (run.outcome !== 'taken') throw new Error(run.outcome)
  await recordSteps(runFence(run), [step('loop', { status: 'started', port: null, output: null, input: { items: 300 } })], a)
  const spread = { items: 300, size: 128, concurrency: 2, parallel: 2 }
  expect(await startChunks(runFence(run), 'loop', spread, a)).toBe(true)
  expect(await startChunks(runFence(run), 'loop', spread, a)).toBe(false)
  if (parks) await waitRun(runFence(run), { wakeSeen: run.wakeSeq, until: null, waitingFor: { kind: 'chunks', path: 'loop' } }, a)
  return { runId, run }
}

async function taken(runId: string, holder = holderA, db = a, mine: string[] = []): Promise<TakenChunk> {
  const take = await takeChunk(runId, holder, { queue: 'default', mine }, db)
  if (take.outcome !== 'taken') throw new Error(`no chunk but ${take.outcome}`)
  return take.chunk
}
const key = ({ path, no }: TakenChunk) => `${path}#${no}`

describe('chunks of a loop', () => {
  it('cover its items once, and the loop says how many there are', async () => {
    const { runId } = await chunked()
    expect((await chunksOf(runId)).map(({ fromItem, toItem, state }) => [fromItem, toItem, state])).toEqual([
      [0, 128, 'free'],
      [128, 256, 'free'],
      [256, 300, 'free'],
    ])
    expect((await stepsOf(runId))[0]?.input).toEqual({ items: 300, chunks: 3 })
    expect(await waitOf(runId)).toMatchObject({ path: 'loop', kind: 'chunks', settledAt: null, detail: { items: 300, chunks: 3 } })
    expect(await countChunks(runId, a)).toBe(2)
  })

  it('are made by nobody but the holder of the run', async () => {
    const { run } = await chunked({ parks: false })
    const late = { ...runFence(run), epoch: run.epoch - 1 }
    expect(await startChunks(late, 'other', { items: 300, size: 100, concurrency: 1, parallel: 2 }, a)).toBeNull()
    expect(await stopChunks(late, 'loop', a)).toBeNull()
    expect(await dropChunks(late, a)).toBe(0)
  })

  it('go to one of two that ask at once, each another', async () => {
    const { runId } = await chunked()
    const takes = await Promise.all([taken(runId, holderA, a), taken(runId, holderB, b)])
    expect(takes.map(({ no }) => no).sort()).toEqual([0, 1])
    expect(takes[0]).toMatchObject({ items: 300, concurrency: 2, run: { runId, versionId: workflow.versionId, stepped: true } })
    await taken(runId, holderA, a, takes.map(key))
    expect(await takeChunk(runId, holderB, { queue: 'default', mine: takes.map(key) }, b)).toEqual({ outcome: 'none', wake: false })
  })

  it('give back to a holder what that same holder let fall, and count no crash', async () => {
    const { runId } = await chunked()
    const first = await taken(runId)
    const again = await taken(runId)
    expect(again).toMatchObject({ no: first.no, epoch: first.epoch + 1 })
    expect((await chunksOf(runId))[0]?.crashes).toBe(0)
  })

  it('are not left with a living holder that let them fall', async () => {
    const { runId, run } = await chunked()
    const [one, two] = [await taken(runId), await taken(runId, holderB, b)]
    const fallen = await taken(runId, holderA, a, [key(one)])
    // Only its holder would be given it, and nobody would ask that one.
    expect(await takeChunk(runId, holderB, { queue: 'default', mine: [key(two)] }, b)).toMatchObject({ outcome: 'none' })
    expect(await freeChunks(holderB, [`${runId}/${key(two)}`], b)).not.toContain(runId)
    expect(await freeChunks(holderA, [`${runId}/${key(one)}`], a)).toContain(runId)
    expect(await recordInChunk(fallen, text(step('loop/256/work')), a)).toBeNull()
    expect(await recordInChunk(one, text(step('loop/0/work')), a)).toMatchObject({ cancel: false })
    expect(await freeChunks(holderA, [`${runId}/${key(one)}`], a)).toEqual([])
    const again = await taken(runId, holderB, b, [key(two)])
    expect(again).toMatchObject({ no: fallen.no, epoch: fallen.epoch + 1 })
    expect((await chunksOf(runId))[again.no]?.crashes).toBe(0)
    expect((await takeRun(runId, holderA, a)).outcome).toBe('waiting')
    expect((await liveOf(runId))?.epoch).toBe(run.epoch)
  })

  it('let a late write of a former holder write nothing', async () => {
    const { runId } = await chunked()
    const first = await taken(runId)
    await letLeaseRunOut(holderA)
    const second = await taken(runId, holderB, b)
    expect(second).toMatchObject({ no: first.no, epoch: first.epoch + 1 })
    expect(await recordInChunk(first, text(step('loop/0/work')), a)).toBeNull()
    expect(await watchChunk(first, a)).toBeNull()
    expect(await giveBackChunk(first, { lived: true }, a)).toBe(false)
    expect(await endChunk(first, { failed: false }, a)).toBeNull()
    expect(await recordInChunk(second, text(step('loop/0/work')), b)).toEqual({ cancel: false, pause: false, stop: false, told: null })
    expect((await stepsOf(runId)).map(({ path, epoch }) => [path, epoch])).toEqual([
      ['loop', expect.any(Number)],
      ['loop/0/work', second.epoch],
    ])
  })

  it('make a take-over wait for a write that has begun, and see it', async () => {
    const { runId } = await chunked()
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
      await recordInChunk(first, text(step('loop/5/work')), tx)
      written()
      await gate
    })
    await wrote
    await letLeaseRunOut(holderA)
    let done = false
    const taking = taken(runId, holderB, b).then((chunk) => {
      done = true
      return chunk
    })
    await expect
      .poll(
        async () => (await b.$client`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length,
      )
      .toBeGreaterThan(0)
    expect(done).toBe(false)
    release()
    await writing
    expect((await chunkRows(await taking, b)).map((row) => row.path)).toEqual(['loop', 'loop/5/work'])
  })

  it('read what stands outside of loops, and their own items', async () => {
    const { runId } = await chunked()
    const first = await taken(runId)
    const second = await taken(runId, holderB, b)
    await recordInChunk(
      first,
      text(step('loop/1/work'), step('loop/12/work'), step('loop/3', { status: 'failed' }), step('loop/3.2/work')),
      a,
    )
    await recordInChunk(second, text(step('loop/128/work'), step('loop/200/in/7/work')), b)
    expect((await chunkRows(first, a)).map((row) => row.path)).toEqual(['loop', 'loop/1/work', 'loop/12/work', 'loop/3', 'loop/3.2/work'])
    expect((await chunkRows(second, b)).map((row) => row.path)).toEqual(['loop', 'loop/128/work', 'loop/200/in/7/work'])
  })

  it('never change a finished attempt, count what steps cost once, and number steps on', async () => {
    const { runId } = await chunked()
    const chunk = await taken(runId)
    const paid = { cost_micros: 5, model: 'm', currency: 'EUR' }
    await recordInChunk(chunk, text(step('loop/0/work', { status: 'started', port: null, output: null })), a)
    await recordInChunk(chunk, text(step('loop/0/work', { output: 1, ...paid })), a)
    await recordInChunk(chunk, text(step('loop/0/work', { output: 2, ...paid }), step('loop/1/work', paid)), a)
    const [loop, first, second] = await stepsOf(runId)
    expect(first).toMatchObject({ status: 'succeeded', output: 1 })
    expect((first?.seq ?? 0) > (loop?.seq ?? 0)).toBe(true)
    expect((second?.seq ?? 0) > (first?.seq ?? 0)).toBe(true)
    expect((await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]).toMatchObject({ costMicros: 10, currency: 'EUR' })
  })

  it('hear of a cancel and a pause with their next write, and are not taken then', async () => {
    const { runId } = await chunked()
    const chunk = await taken(runId)
    await pauseRun(organization.caller, { runId })
    expect(await recordInChunk(chunk, text(step('loop/0/work')), a)).toMatchObject({ cancel: false, pause: true })
    expect(await takeChunk(runId, holderB, { queue: 'default', mine: [] }, b)).toMatchObject({ outcome: 'none' })
    expect(await countChunks(runId, a)).toBe(0)
    await requestCancel(organization.caller, { runId })
    expect(await watchChunk(chunk, a)).toMatchObject({ cancel: true })
    expect(await recordInChunk(chunk, text(step('loop/1/work')), a)).toMatchObject({ cancel: true })
  })

  it('let the run go on once, when the last of them has ended', async () => {
    const { runId, run } = await chunked()
    const [one, two] = [await taken(runId), await taken(runId, holderB, b)]
    expect(await endChunk(one, { failed: false }, a)).toBe(false)
    const three = await taken(runId)
    expect((await takeRun(runId, holderA, a)).outcome).toBe('waiting')
    const ends = await Promise.all([endChunk(two, { failed: false }, b), endChunk(three, { failed: false }, a)])
    expect(ends.sort()).toEqual([false, true])
    expect(await endChunk(three, { failed: false }, a)).toBeNull()
    expect(await waitOf(runId)).toMatchObject({ settledBy: 'chunks' })
    expect((await liveOf(runId))?.wakeSeq).toBe(run.wakeSeq + 1)
    expect(await chunksOf(runId)).toEqual([])
    expect((await takeRun(runId, holderA, a)).outcome).toBe('taken')
  })

  it('keep a run from parking that they woke before it could', async () => {
    const { runId, run } = await chunked({ parks: false })
    for (let left = 3; left > 0; left--) await endChunk(await taken(runId), { failed: false }, a)
    expect(await waitRun(runFence(run), { wakeSeen: run.wakeSeq, until: null, waitingFor: null }, a)).toEqual({ outcome: 'woken' })
  })

  it('end with the first item that fails the loop, those under way after what they do', async () => {
    const { runId } = await chunked()
    const [one, two] = [await taken(runId), await taken(runId, holderB, b)]
    expect(await endChunk(one, { failed: true }, a)).toBe(false)
    expect((await chunksOf(runId)).map(({ state, stopping }) => [state, stopping])).toEqual([
      ['ended', false],
      ['held', true],
      ['ended', true],
    ])
    expect(await takeChunk(runId, holderA, { queue: 'default', mine: [] }, a)).toMatchObject({ outcome: 'none' })
    expect(await recordInChunk(two, text(step('loop/130/work')), b)).toMatchObject({ stop: true })
    expect(await endChunk(two, { failed: false }, b)).toBe(true)
  })

  it('are left to the run when they brought down two workers in a row', async () => {
    const { runId } = await chunked()
    const first = await taken(runId)
    await letLeaseRunOut(holderA)
    expect((await taken(runId, holderB, b)).no).toBe(first.no)
    expect((await chunksOf(runId))[0]?.crashes).toBe(1)
    await letLeaseRunOut(holderB)
    await leaseOf(holderA, a)
    expect((await taken(runId)).no).toBe(1)
    expect((await chunksOf(runId))[0]).toMatchObject({ state: 'ended', holderId: null })
    await endChunk(await taken(runId, holderA, a, ['loop#1']), { failed: false }, a)
    await letLeaseRunOut(holderA)
    await leaseOf(holderB, b)
    const last = await taken(runId, holderB, b)
    expect(await giveBackChunk(last, { lived: true }, b)).toBe(true)
    expect((await chunksOf(runId))[1]?.crashes).toBe(0)
  })

  it('wake the run when the last of them is left to it', async () => {
    const { runId } = await chunked()
    for (const _ of [1, 2]) await endChunk(await taken(runId), { failed: false }, a)
    await taken(runId)
    await letLeaseRunOut(holderA)
    await taken(runId, holderB, b)
    await letLeaseRunOut(holderB)
    await leaseOf(holderA, a)
    expect(await takeChunk(runId, holderA, { queue: 'default', mine: [] }, a)).toEqual({ outcome: 'none', wake: true })
    expect((await takeRun(runId, holderA, a)).outcome).toBe('taken')
  })

  it('count no crash of a worker that gave them back', async () => {
    const { runId } = await chunked()
    const chunk = await taken(runId)
    await giveBackChunk(chunk, { lived: false }, a)
    await releaseHolder(holderA, a)
    const again = await taken(runId, holderB, b)
    expect(again.no).toBe(chunk.no)
    expect((await chunksOf(runId))[0]?.crashes).toBe(0)
  })

  it('wait for workers of the queue that their next steps need', async () => {
    const { runId } = await chunked()
    for (const _ of [1, 2, 3]) await giveBackChunk(await taken(runId), { queue: 'agents', lived: true }, a)
    expect(await takeChunk(runId, holderA, { queue: 'default', mine: [] }, a)).toEqual({ outcome: 'queue', queue: 'agents', wake: false })
    expect((await takeChunk(runId, holderA, { queue: 'agents', mine: [] }, a)).outcome).toBe('taken')
  })

  it('end softly when the run lets go of the loop', async () => {
    const { runId, run } = await chunked({ parks: false })
    const chunk = await taken(runId, holderB, b)
    const dead = await taken(runId)
    await letLeaseRunOut(holderA)
    expect(await stopChunks(runFence(run), 'loop', a)).toBe(false)
    expect(await recordInChunk(dead, text(step('loop/140/work')), a)).toBeNull()
    expect(await recordInChunk(chunk, text(step('loop/0/work')), b)).toMatchObject({ stop: true })
    expect(await endChunk(chunk, { failed: false }, b)).toBe(true)
    expect(await chunksOf(runId)).toEqual([])
  })

  it.each([
    ['ends', (run: TakenRun) => finishRun(runFence(run), { status: 'failed', error: {} }, a)],
    ['is cancelled', (run: TakenRun) => dropChunks(runFence(run), a)],
    ['lets go of the loop', (run: TakenRun) => dropWaits(runFence(run), ['loop'], a)],
  ])('are gone when the run %s, and whoever still has one writes nothing', async (_, over) => {
    const { runId, run } = await chunked({ parks: false })
    const chunk = await taken(runId, holderB, b)
    await over(run)
    expect(await chunksOf(runId)).toEqual([])
    expect(await recordInChunk(chunk, text(step('loop/0/work')), b)).toBeNull()
    expect(await watchChunk(chunk, b)).toBeNull()
    expect(await endChunk(chunk, { failed: false }, b)).toBeNull()
    expect((await stepsOf(runId)).map(({ path }) => path)).toEqual(['loop'])
  })

  it('leave no step under way behind when the run ends while one of them writes', async () => {
    const { runId, run } = await chunked({ parks: false })
    const chunk = await taken(runId, holderB, b)
    let release: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let written: () => void = () => {}
    const wrote = new Promise<void>((resolve) => {
      written = resolve
    })
    const writing = b.transaction(async (tx) => {
      await recordInChunk(chunk, text(step('loop/0/work', { status: 'started', port: null, output: null })), tx)
      written()
      await gate
    })
    await wrote
    const ending = finishRun(runFence(run), { status: 'failed', error: {} }, a)
    await expect
      .poll(
        async () => (await a.$client`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`).length,
      )
      .toBeGreaterThan(0)
    release()
    await writing
    expect(await ending).toMatchObject({ outcome: 'finished' })
    expect((await stepsOf(runId)).map(({ path, status }) => [path, status])).toEqual([
      ['loop', 'failed'],
      ['loop/0/work', 'failed'],
    ])
  })

  it('are found by the sweep when nobody goes through them', async () => {
    const admin = adminSql()
    await admin`delete from run_chunks`
    const { runId } = await chunked()
    const other = await chunked()
    const makeOld = (id: string) =>
      admin`update run_chunks set changed_at = now() - interval '20 seconds' where run_id = ${toUuid(id, 'run')}`
    for (const _ of [1, 2]) await taken(other.runId, holderB, b, ['loop#0', 'loop#1'])
    await makeOld(runId)
    await makeOld(other.runId)
    expect(await sweepChunks(50, a)).toEqual([runId])
    expect(await sweepChunks(50, a)).toEqual([])
    await letLeaseRunOut(holderB)
    expect(await sweepChunks(50, a)).toEqual([other.runId])
    await admin.end()
  })

  it('are for workers of one build only', async () => {
    const admin = adminSql()
    await admin`delete from holders where id not in (${toUuid(holderA, 'hold')}, ${toUuid(holderB, 'hold')})`
    expect(await countWorkers(a)).toBe(2)
    const old = newId('hold')
    await leaseOf(old, b, 'older')
    expect(await countWorkers(a)).toBe(0)
    await letLeaseRunOut(old)
    expect(await countWorkers(a)).toBe(2)
    await admin.end()
  })
})
