import { eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPool, inOrganization, type Pool } from '@/db/client'
import { giveBackRun, markDriven, recordSteps, renewHolder, sweepRuns, takeRun, unfinishedRuns, waitRun } from '@/db/engine'
import { newId, toUuid } from '@/db/ids'
import { type Claimed, laneTurn, markNotDriven, runsOf, runsToStart, type SucceededRun } from '@/db/lane'
import { liveRuns, runEvents, runResponses, runSteps, runs, usageHourly } from '@/db/schema'
import { acceptRun } from '@/server/services/runs/accept-run'
import { pauseRun } from '@/server/services/runs/pause-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { adminSql, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../support/database'
import { graphOf } from '../support/plan-of'

const tenants: { organization: TestOrganization; workflow: TestWorkflow }[] = []
let a: Pool
let b: Pool
const holderA = newId('hold')
const holderB = newId('hold')

const leaseOf = (id: string, db: Pool, kind = 'lane') => renewHolder({ id, kind, host: 'test', pid: 1, build: 'test' }, db)

beforeAll(async () => {
  for (let made = 0; made < 3; made++) {
    const organization = await makeOrganization()
    const graph = graphOf('start -> end', { start: { type: 'trigger.manual' }, end: { type: 'data.set' } })
    tenants.push({ organization, workflow: await makeWorkflow(organization, { graph }) })
  }
  a = createPool(process.env.DATABASE_WORKER_URL as string, { max: 2 })
  b = createPool(process.env.DATABASE_WORKER_URL as string, { max: 2 })
})
beforeEach(async () => {
  await asAdmin('delete from live_runs')
  await asAdmin('delete from holders')
  await leaseOf(holderA, a)
  await leaseOf(holderB, b)
})
afterAll(async () => {
  await a.$client.end({ timeout: 1 })
  await b.$client.end({ timeout: 1 })
})

async function asAdmin(text: string, ...values: string[]): Promise<void> {
  const admin = adminSql()
  await admin.unsafe(text, values)
  await admin.end()
}
const age = (runId: string, seconds: number) =>
  asAdmin(`update live_runs set changed_at = now() - interval '${seconds} seconds' where run_id = $1`, toUuid(runId, 'run'))
const loseLease = (holder: string) =>
  asAdmin(`update holders set lease_until = now() - interval '1 second' where id = $1`, toUuid(holder, 'hold'))

async function accept(count = 1, tenant = 0): Promise<string[]> {
  const { organization, workflow } = tenants[tenant] as (typeof tenants)[number]
  const made: string[] = []
  for (let n = 0; n < count; n++) {
    const { runId } = await inOrganization(organization.id, (tx) =>
      acceptRun(tx, {
        organizationId: organization.id,
        workflowId: workflow.id,
        versionId: workflow.versionId as string,
        trigger: 'manual',
        triggerNodeId: null,
        input: { n },
      }),
    )
    made.push(runId)
  }
  return made
}
const claim = (
  limit: number,
  more: { holder?: string; db?: Parameters<typeof laneTurn>[1]; lost?: boolean; after?: string | null } = {},
): Promise<Claimed> =>
  laneTurn(
    { holderId: more.holder ?? holderA, limit, after: more.after ?? null, lost: more.lost ?? false, ended: [], host: 'test' },
    more.db ?? a,
  )
const liveOf = async (runId: string, tenant = 0) => {
  const { organization } = tenants[tenant] as (typeof tenants)[number]
  return (await inOrganization(organization.id, (tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]
}
const runOf = async (runId: string) => {
  const { organization } = tenants[0] as (typeof tenants)[number]
  return (await inOrganization(organization.id, (tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]
}
const ids = ({ runs: taken }: Claimed) => taken.map((run) => run.runId)
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

describe('a claim', () => {
  it('answers of each run what taking it answers', async () => {
    const [first, second] = (await accept(2)) as [string, string]
    const [claimed] = (await claim(1)).runs
    const taken = await takeRun(second, holderA, a)
    expect(claimed?.runId).toBe(first)
    expect(Object.keys(claimed ?? {}).sort()).toEqual(Object.keys(taken).sort())
    expect(claimed).toMatchObject({ outcome: 'taken', epoch: 1, moved: false, crashes: 0, stepped: false, begun: false, input: { n: 0 } })
    expect(await liveOf(first)).toMatchObject({ state: 'running', driver: 'lane', holderId: holderA })
  })

  it('of two lanes at once gives each run to one of them', async () => {
    const all = await accept(6)
    await a.transaction(async (tx) => {
      const mine = ids(await claim(3, { db: tx }))
      const theirs = ids(await claim(6, { holder: holderB, db: b }))
      expect(mine).toHaveLength(3)
      expect(theirs).toHaveLength(3)
      expect([...mine, ...theirs].sort()).toEqual([...all].sort())
    })
    expect(ids(await claim(6, { holder: holderB, db: b }))).toEqual([])
  })

  it('takes turns between organizations, however many runs one of them has', async () => {
    const many = await accept(9, 0)
    const [second] = await accept(1, 1)
    const [third] = await accept(1, 2)
    const { runs: taken, more } = await claim(6)
    expect(taken.map((run) => run.runId)).toEqual(expect.arrayContaining([second, third, many[0], many[1]]))
    expect(more).toBe(true)
    expect(ids(await claim(20))).toEqual(many.slice(2))
    expect(await claim(20)).toMatchObject({ runs: [], more: false })
  })

  it('goes on behind the organization that was last when there are more of them than room', async () => {
    for (const tenant of [0, 1, 2]) await accept(2, tenant)
    const served: string[] = []
    let after: string | null = null
    for (let turn = 0; turn < 6; turn++) {
      const claimed: Claimed = await claim(1, { after })
      after = claimed.runs[0]?.organizationId ?? null
      served.push(after as string)
    }
    expect(served.slice(0, 3).sort()).toEqual(tenants.map(({ organization }) => organization.id).sort())
    expect(served.slice(3)).toEqual(served.slice(0, 3))
  })

  it('takes what is more urgent first', async () => {
    const [, second] = (await accept(2)) as [string, string]
    await asAdmin('update live_runs set priority = 1 where run_id = $1', toUuid(second, 'run'))
    expect(ids(await claim(1))).toEqual([second])
  })

  it('leaves alone what is paused, what Temporal drives and what waits', async () => {
    const [paused, driven, waiting] = (await accept(3)) as [string, string, string]
    await pauseRun((tenants[0] as (typeof tenants)[number]).organization.caller, { runId: paused })
    const take = await takeRun(driven, holderA, a)
    if (take.outcome !== 'taken') throw new Error(take.outcome)
    await giveBackRun(driven, take.epoch, 'more', { db: a })
    await asAdmin(`update live_runs set state = 'waiting' where run_id = $1`, toUuid(waiting, 'run'))
    expect(ids(await claim(10, { lost: true }))).toEqual([])
  })

  it('takes over what a dead worker had, and counts the crash', async () => {
    const [runId] = (await accept()) as [string]
    await claim(1)
    expect(ids(await claim(1, { holder: holderB, db: b, lost: true }))).toEqual([])
    await loseLease(holderA)
    expect(ids(await claim(1, { holder: holderB, db: b }))).toEqual([])
    const [run] = (await claim(1, { holder: holderB, db: b, lost: true })).runs
    expect(run).toMatchObject({ runId, moved: true, crashes: 1, soloCrashes: 0, epoch: 2, begun: true })
    expect(await runOf(runId)).toMatchObject({ status: 'running', moves: 1 })
    await leaseOf(holderA, a)
    await loseLease(holderB)
    expect((await claim(1, { lost: true })).runs[0]).toMatchObject({ runId, crashes: 2, soloCrashes: 0 })
  })

  it('lets a late write of the former holder write nothing', async () => {
    const [runId] = (await accept()) as [string]
    const [first] = (await claim(1)).runs
    await loseLease(holderA)
    await claim(1, { holder: holderB, db: b, lost: true })
    const fence = { organizationId: first?.organizationId as string, runId, epoch: first?.epoch as number }
    expect(await recordSteps(fence, [step('late')], a)).toBeNull()
    expect(await giveBackRun(runId, fence.epoch, 'handed', { db: a })).toBe(false)
  })

  it('can be asked for what it let fall', async () => {
    const all = await accept(2)
    await claim(2)
    expect((await runsOf(holderA, a)).sort()).toEqual([...all].sort())
    expect(await takeRun(all[0] as string, holderA, a)).toMatchObject({ outcome: 'taken', epoch: 2, moved: false })
  })
})

describe('a run in a lane', () => {
  it('stands as running from its first write on, with the time it was taken', async () => {
    const [runId] = (await accept()) as [string]
    const [run] = (await claim(1)).runs
    expect(await runOf(runId)).toMatchObject({ status: 'accepted', startedAt: null })
    const fence = { organizationId: run?.organizationId as string, runId, epoch: run?.epoch as number }
    await recordSteps(fence, [step('one')], a, true)
    const after = await runOf(runId)
    expect(after).toMatchObject({ status: 'running' })
    expect(Math.abs((after?.startedAt?.getTime() ?? 0) - (run?.startedAt.getTime() ?? 0))).toBeLessThan(5)
    const { organization } = tenants[0] as (typeof tenants)[number]
    const events = await inOrganization(organization.id, (tx) => tx.select().from(runEvents).where(eq(runEvents.runId, runId)))
    expect(events.map((event) => event.kind)).toEqual(expect.arrayContaining(['accepted', 'taken']))
  })

  it('answers its caller in the write that records the answer, once', async () => {
    const [runId] = (await accept()) as [string]
    const [run] = (await claim(1)).runs
    const fence = { organizationId: run?.organizationId as string, runId, epoch: run?.epoch as number }
    const response = (status: number) => ({ status, headers: { a: 'b' }, body: { status } })
    await recordSteps(fence, [step('one', { response: response(201) }), step('two', { seq: 2, response: response(202) })], a, true)
    const { organization } = tenants[0] as (typeof tenants)[number]
    const rows = await inOrganization(organization.id, (tx) => tx.select().from(runResponses).where(eq(runResponses.runId, runId)))
    expect(rows).toMatchObject([{ status: 201, headers: { a: 'b' }, body: { status: 201 } }])
  })

  it('that is handed over can be taken at once, and is no longer the lane’s', async () => {
    const [runId] = (await accept()) as [string]
    const [run] = (await claim(1)).runs
    expect(await giveBackRun(runId, run?.epoch as number, 'handed', { db: a })).toBe(true)
    expect(await liveOf(runId)).toMatchObject({ state: 'waiting', driver: 'none', wakeSeq: 1, wakeSeen: 0 })
    expect(ids(await claim(5))).toEqual([])
    expect(await takeRun(runId, holderB, b)).toMatchObject({ outcome: 'taken', epoch: 2 })
    expect(await liveOf(runId)).toMatchObject({ driver: 'temporal' })
  })

  it('that waits is nobody’s until a start was acknowledged, and the sweep finds it', async () => {
    const [runId] = (await accept()) as [string]
    const [run] = (await claim(1)).runs
    const fence = { organizationId: run?.organizationId as string, runId, epoch: run?.epoch as number }
    await waitRun(fence, { wakeSeen: 0, until: null, waitingFor: { kind: 'approval' }, driver: 'none' }, a)
    expect(await liveOf(runId)).toMatchObject({ state: 'waiting', driver: 'none' })
    await age(runId, 6)
    expect(await sweepRuns(50, a)).toContainEqual({ runId, reason: 'undriven' })
  })

  it('that its worker gives back at its end is the next lane’s, and no crash', async () => {
    const [runId] = (await accept()) as [string]
    const [run] = (await claim(1)).runs
    await giveBackRun(runId, run?.epoch as number, 'shutdown', { db: a })
    expect((await claim(1, { holder: holderB, db: b })).runs[0]).toMatchObject({ runId, crashes: 0, moved: false })
  })

  it('that met an error goes on in Temporal', async () => {
    const [runId] = (await accept()) as [string]
    const [run] = (await claim(1)).runs
    await giveBackRun(runId, run?.epoch as number, 'error', { db: a })
    expect(ids(await claim(5))).toEqual([])
    await age(runId, 3)
    expect(await sweepRuns(50, a)).toContainEqual({ runId, reason: 'woken' })
  })
})

describe('a backlog', () => {
  const found = async () => (await sweepRuns(50, b)).map((one) => one.runId)

  it('is left to a lane that lives, for 30 seconds', async () => {
    const [runId] = (await accept()) as [string]
    await age(runId, 20)
    expect(await found()).toEqual([])
    await age(runId, 31)
    expect(await found()).toEqual([runId])
  })

  it('is left alone as long as a lane takes anything', async () => {
    const [runId, other] = (await accept(2)) as [string, string]
    await claim(1)
    await age(other, 300)
    expect(await found()).toEqual([])
    await age(runId, 31)
    expect(await found()).toEqual([other])
  })

  it('goes through Temporal after five seconds where no lane lives', async () => {
    await asAdmin('delete from holders')
    await leaseOf(holderA, a, 'worker')
    const [runId] = (await accept()) as [string]
    await age(runId, 6)
    expect(await found()).toEqual([runId])
  })

  it('is taken by no more than fifty a tick', async () => {
    const all = await accept(52)
    const { organization } = tenants[0] as (typeof tenants)[number]
    await asAdmin(`update live_runs set changed_at = now() - interval '31 seconds'`)
    expect(await found()).toHaveLength(50)
    const left = await inOrganization(organization.id, (tx) => tx.select().from(liveRuns).where(inArray(liveRuns.runId, all)))
    expect(left.every((run) => run.state === 'accepted')).toBe(true)
  })
})

describe('without a lane', () => {
  it('each accepted run is started by one worker', async () => {
    const all = await accept(3)
    const [mine, theirs] = await Promise.all([runsToStart(10, a), runsToStart(10, b)])
    expect([...mine, ...theirs].sort()).toEqual([...all].sort())
    expect(await runsToStart(10, a)).toEqual([])
    await markNotDriven(all.slice(0, 1), a)
    expect(await runsToStart(10, a)).toEqual(all.slice(0, 1))
  })

  it('is started again by another one soon when Temporal never acknowledged it', async () => {
    await asAdmin('delete from holders')
    const [runId] = (await accept()) as [string]
    await runsToStart(10, a)
    await age(runId, 9)
    expect(await sweepRuns(50, b)).toEqual([])
    await age(runId, 11)
    expect(await sweepRuns(50, b)).toEqual([{ runId, reason: 'accepted' }])
  })

  it('is told from one that only stands in the line of Temporal, unless that is woken', async () => {
    const [runId] = (await accept()) as [string]
    await runsToStart(10, a)
    await markDriven([runId], a)
    await age(runId, 29)
    expect(await sweepRuns(50, b)).toEqual([])
    await age(runId, 31)
    expect(await sweepRuns(50, b)).toEqual([{ runId, reason: 'queued' }])
    await asAdmin(`update live_runs set wake_seq = wake_seq + 1`)
    await age(runId, 31)
    expect(await sweepRuns(50, b)).toEqual([{ runId, reason: 'accepted' }])
  })

  it('is to have a workflow in Temporal as soon as that took it on', async () => {
    const [queued, fresh] = (await accept(2)) as [string, string]
    await markDriven([queued], a)
    expect(await unfinishedRuns(null, 10, a)).toEqual([{ runId: queued }])
    expect(await runsToStart(10, a)).toEqual([fresh])
    expect(await unfinishedRuns(null, 10, a)).toEqual([{ runId: queued }])
  })
})

describe('runs that end together', () => {
  const ended = (run: { organizationId: string; runId: string; epoch: number }, more: Partial<SucceededRun> = {}): SucceededRun => ({
    organizationId: run.organizationId,
    runId: run.runId,
    epoch: run.epoch,
    stepsDone: 1,
    output: '{"n":1}',
    steps: JSON.stringify([step('one', { response: { status: 201, headers: {}, body: 1 } })]),
    answer: null,
    ...more,
  })
  const end = (...runsToEnd: SucceededRun[]) =>
    laneTurn({ holderId: holderA, limit: 0, after: null, lost: false, ended: runsToEnd, host: 'test' }, a)

  it('are written, answered and counted, whoever they belong to', async () => {
    const [first, second] = (await accept(2)) as [string, string]
    const [third] = (await accept(1, 1)) as [string]
    const { runs: taken } = await claim(4)
    const { done } = await end(...taken.map((run) => ended(run)))
    expect([...done].sort()).toEqual([first, second, third].sort())
    const after = await runOf(first)
    expect(after).toMatchObject({ status: 'succeeded', output: { n: 1 }, stepsDone: 1, error: null })
    expect(after?.startedAt?.getTime()).toBe(taken.find((run) => run.runId === first)?.startedAt.getTime())
    expect(await liveOf(first)).toBeUndefined()
    const { organization, workflow } = tenants[0] as (typeof tenants)[number]
    const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
    expect(await read((tx) => tx.select().from(runSteps).where(eq(runSteps.runId, second)))).toMatchObject([
      { path: 'one', status: 'succeeded', epoch: 1, output: { from: 'one' } },
    ])
    expect(await read((tx) => tx.select().from(runResponses).where(eq(runResponses.runId, second)))).toMatchObject([{ status: 201 }])
    const events = await read((tx) => tx.select().from(runEvents).where(eq(runEvents.runId, first)))
    expect(events.map((event) => event.kind)).toEqual(['accepted', 'finished'])
    const [usage] = await read((tx) => tx.select().from(usageHourly).where(eq(usageHourly.workflowId, workflow.id)))
    expect(usage).toMatchObject({ runs: 2, steps: 2, failed: 0 })
  })

  it('leave out the one that another holder took meanwhile, which keeps nothing of it', async () => {
    const [lost, kept] = (await accept(2)) as [string, string]
    const { runs: taken } = await claim(2)
    await asAdmin('update live_runs set epoch = epoch + 1 where run_id = $1', toUuid(lost, 'run'))
    expect([...(await end(...taken.map((run) => ended(run)))).done]).toEqual([kept])
    const { organization } = tenants[0] as (typeof tenants)[number]
    expect(await inOrganization(organization.id, (tx) => tx.select().from(runSteps).where(eq(runSteps.runId, lost)))).toEqual([])
    expect(await liveOf(lost)).toMatchObject({ state: 'running' })
  })

  it('make a take-over wait until they are written, and find the run gone', async () => {
    const [runId] = (await accept()) as [string]
    const [run] = (await claim(1)).runs
    await a.transaction(async (tx) => {
      const turn = { holderId: holderA, limit: 0, after: null, lost: false, ended: [ended(run as NonNullable<typeof run>)], host: 'test' }
      expect((await laneTurn(turn, tx)).done.size).toBe(1)
      await loseLease(holderA)
      // A row under way is passed over by a lane and waited for by Temporal's driver.
      expect(ids(await claim(1, { holder: holderB, db: b, lost: true }))).toEqual([])
    })
    expect(await takeRun(runId, holderB, b)).toEqual({ outcome: 'gone' })
  })

  it('are still ended when somebody asked to cancel in the last moment', async () => {
    const [runId] = (await accept()) as [string]
    const [run] = (await claim(1)).runs
    await requestCancel((tenants[0] as (typeof tenants)[number]).organization.caller, { runId })
    expect((await end(ended(run as NonNullable<typeof run>))).done.size).toBe(1)
    expect(await runOf(runId)).toMatchObject({ status: 'succeeded' })
  })
})
