import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectedBetween, writeMissedFires } from '@/activities/reconcile'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { runs, scheduleFires, schedules } from '@/db/schema'
import { mirrorSchedule } from '@/server/services/schedules/mirror-schedule'
import { temporalClient } from '@/server/temporal/client'
import { makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../support/database'
import { graphOf } from '../support/plan-of'
import { ended, temporalServer, untilRun, workerProcess } from './support'

temporalServer()
workerProcess()
let organization: TestOrganization
let workflow: TestWorkflow

beforeAll(async () => {
  organization = await makeOrganization()
  const graph = graphOf('tick -> keep', {
    tick: { type: 'trigger.schedule' },
    keep: { type: 'data.set', params: { fields: [{ name: 'at', value: '{{ input.scheduledAt }}' }] } },
  })
  workflow = await makeWorkflow(organization, { graph })
})

type Schedule = typeof schedules.$inferInsert
async function makeSchedule(more: Partial<Schedule> = {}): Promise<string> {
  const id = newId('sch')
  await inOrganization(organization.id, (tx) =>
    tx.insert(schedules).values({
      organizationId: organization.id,
      id,
      workflowId: workflow.id,
      environmentId: organization.environmentId,
      name: 'Yearly',
      cron: '0 3 1 1 *',
      timeZone: 'Europe/Berlin',
      ...more,
    }),
  )
  expect(await mirrorSchedule({ organizationId: organization.id, scheduleId: id })).toBe(true)
  return id
}
const firesOf = (scheduleId: string) =>
  inOrganization(organization.id, (tx) =>
    tx.select().from(scheduleFires).where(eq(scheduleFires.scheduleId, scheduleId)).orderBy(scheduleFires.nominalAt),
  )
async function untilFires(scheduleId: string, count: number) {
  for (let looks = 0; looks < 400; looks++) {
    const fires = await firesOf(scheduleId)
    if (fires.length >= count && fires.every((fire) => fire.outcome !== 'ran' || fire.runId)) return fires
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the schedule did not fire')
}

describe('a schedule', () => {
  it('fires through Temporal and stands in the ledger with its run', async () => {
    const id = await makeSchedule()
    await temporalClient().schedule.getHandle(id).trigger()
    const [fire] = await untilFires(id, 1)
    expect(fire?.outcome).toBe('ran')
    const run = await untilRun(organization, fire?.runId as string, ended)
    expect(run).toMatchObject({ status: 'succeeded', trigger: 'schedule', triggerRef: id, output: { at: fire?.nominalAt.toISOString() } })
  })

  it('makes one run for one time, however often it is asked', async () => {
    const id = await makeSchedule({ cron: '*/10 * * * *', timeZone: 'UTC', overlap: 'start' })
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000)
    const range = {
      start: new Date(hour.getTime() - 35 * 60_000),
      end: new Date(hour.getTime() - 5 * 60_000),
      overlap: 'ALLOW_ALL' as const,
    }
    const handle = temporalClient().schedule.getHandle(id)
    await handle.backfill(range)
    const first = await untilFires(id, 3)
    await handle.backfill(range)
    await temporalClient().schedule.getHandle(id).trigger()
    await untilFires(id, first.length + 1)
    const started = await inOrganization(organization.id, (tx) =>
      tx
        .select()
        .from(runs)
        .where(and(eq(runs.organizationId, organization.id), eq(runs.triggerRef, id))),
    )
    expect(started.length).toBeLessThanOrEqual(first.length + 1)
    expect(new Set(first.map((fire) => fire.nominalAt.getTime())).size).toBe(first.length)
    for (const fire of first) expect(['late', 'missed', 'ran']).toContain(fire.outcome)
  })

  it('says superseded when it was changed before the fire', async () => {
    const id = await makeSchedule()
    await inOrganization(organization.id, (tx) => tx.update(schedules).set({ revision: 2 }).where(eq(schedules.id, id)))
    await temporalClient().schedule.getHandle(id).trigger()
    const [fire] = await untilFires(id, 1)
    expect(fire).toMatchObject({ outcome: 'superseded', runId: null })
  })

  it('is paused and removed in Temporal with its row', async () => {
    const id = await makeSchedule({ paused: true })
    expect((await temporalClient().schedule.getHandle(id).describe()).state.paused).toBe(true)
    await inOrganization(organization.id, (tx) =>
      tx.update(schedules).set({ deletedAt: new Date(), revision: 2 }).where(eq(schedules.id, id)),
    )
    await mirrorSchedule({ organizationId: organization.id, scheduleId: id })
    await expect(temporalClient().schedule.getHandle(id).describe()).rejects.toThrow()
  })

  it('writes down what nobody fired', async () => {
    const updatedAt = new Date(Date.now() - 6 * 3_600_000)
    const id = await makeSchedule({ cron: '0 * * * *', timeZone: 'UTC', catchUpSeconds: 60, updatedAt })
    const written = await writeMissedFires(new Date())
    expect(written).toBeGreaterThanOrEqual(5)
    expect((await firesOf(id)).every((fire) => fire.outcome === 'missed')).toBe(true)
    expect(await writeMissedFires(new Date())).toBe(0)
  })
})

describe('the expected fires', () => {
  it('follow the zone through the change of the clocks', () => {
    const times = expectedBetween('30 2 * * *', 'Europe/Berlin', new Date('2026-03-27T12:00:00Z'), new Date('2026-03-31T12:00:00Z'))
    expect(times.map((time) => time.toISOString().slice(0, 10))).toContain('2026-03-28')
    expect(times.length).toBeGreaterThanOrEqual(3)
  })
})
