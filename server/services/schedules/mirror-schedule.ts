import { ScheduleAlreadyRunning, type ScheduleHandle, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client'
import { and, eq, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { allSchedules, type ScheduleRow } from '@/db/engine'
import { schedules, workflows } from '@/db/schema'
import { log } from '@/server/log'
import { taskQueue, temporalClient } from '@/server/temporal/client'

/** Longer than this, a screen does not wait for Temporal. */
const deadlineMs = 5_000

/**
 * Brings the Temporal Schedule in line with its row, which is the truth. Called after the row's transaction committed; a failure is
 * logged and the workers try again within seconds.
 */
export async function mirrorSchedule({ organizationId, scheduleId }: { organizationId: string; scheduleId: string }): Promise<boolean> {
  try {
    await mirror(organizationId, scheduleId)
    return true
  } catch (error) {
    log.warn('a schedule could not be mirrored to Temporal; a worker tries again', { scheduleId, error })
    return false
  }
}

/** Mirrors every schedule whose newest revision Temporal does not have; for workers. With `existing`, also those missing there. */
export async function mirrorBehind(existing?: ReadonlySet<string>): Promise<void> {
  for (let after: string | null = null; ; ) {
    const page: ScheduleRow[] = await allSchedules(after)
    for (const row of page) {
      const behind = row.mirroredRevision < row.revision || (existing !== undefined && existing.has(row.id) === row.deleted)
      if (behind) await mirror(row.organizationId, row.id)
    }
    const last = page.at(-1)
    if (!last || page.length < 500) return
    after = last.id
  }
}

function mirror(organizationId: string, scheduleId: string): Promise<void> {
  return inOrganization(organizationId, async (tx) => {
    // One at a time, each with the newest row: otherwise an older revision could be the last that Temporal hears of.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`millrace:mirror:${scheduleId}`}, 0))`)
    const [found] = await tx
      .select({ schedule: schedules, workflowDeletedAt: workflows.deletedAt })
      .from(schedules)
      .innerJoin(workflows, and(eq(workflows.organizationId, schedules.organizationId), eq(workflows.id, schedules.workflowId)))
      .where(and(eq(schedules.organizationId, organizationId), eq(schedules.id, scheduleId)))
    if (!found) return
    const { schedule, workflowDeletedAt } = found
    const { connection } = temporalClient()
    await connection.withDeadline(Date.now() + deadlineMs, () =>
      schedule.deletedAt || workflowDeletedAt ? remove(temporalClient().schedule.getHandle(scheduleId)) : upsert(schedule),
    )
    await tx
      .update(schedules)
      .set({ mirroredRevision: schedule.revision })
      .where(and(eq(schedules.organizationId, organizationId), eq(schedules.id, scheduleId), eq(schedules.revision, schedule.revision)))
  })
}

async function remove(handle: ScheduleHandle): Promise<void> {
  await handle.delete().catch((error) => {
    if (!(error instanceof ScheduleNotFoundError)) throw error
  })
}

async function upsert(schedule: typeof schedules.$inferSelect): Promise<void> {
  const { id: scheduleId, cron, timeZone, revision, catchUpSeconds, paused } = schedule
  const content = {
    spec: { cronExpressions: cronExpressions(cron), timezone: timeZone },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'scheduleWorkflow',
      workflowId: `fire-${scheduleId}`,
      taskQueue,
      args: [{ scheduleId, revision }],
    },
    // Which fires overlap is decided where runs are known; this workflow only takes a moment.
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: catchUpSeconds * 1_000, pauseOnFailure: false },
    state: { paused },
  }
  const client = temporalClient()
  const update = () => client.schedule.getHandle(scheduleId).update(() => content)
  try {
    await update()
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
    await client.schedule.create({ scheduleId, ...content }).catch((created) => {
      if (!(created instanceof ScheduleAlreadyRunning)) throw created
      return update()
    })
  }
}

/** Temporal wants both day fields to match; cron means either of them, which takes two expressions. */
export function cronExpressions(cron: string): string[] {
  const fields = cron.trim().split(/\s+/)
  const [minute, hour, day, month, weekday] = fields
  if (fields.length !== 5 || day === '*' || weekday === '*' || day === '?' || weekday === '?') return [cron]
  return [`${minute} ${hour} ${day} ${month} *`, `${minute} ${hour} * ${month} ${weekday}`]
}
