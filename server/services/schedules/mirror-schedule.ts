import { ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client'
import { and, eq } from 'drizzle-orm'
import { defaultDb, inOrganization } from '@/db/client'
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
    const row = await inOrganization(organizationId, async (tx) => {
      const [found] = await tx
        .select({ schedule: schedules, workflowDeletedAt: workflows.deletedAt })
        .from(schedules)
        .innerJoin(workflows, and(eq(workflows.organizationId, schedules.organizationId), eq(workflows.id, schedules.workflowId)))
        .where(and(eq(schedules.organizationId, organizationId), eq(schedules.id, scheduleId)))
      return found && { ...found.schedule, deleted: found.schedule.deletedAt !== null || found.workflowDeletedAt !== null }
    })
    if (row) await mirror(row)
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
      const behind = row.mirroredRevision < row.revision || (existing && existing.has(row.id) === row.deleted)
      if (behind) await mirror(row)
    }
    const last = page.at(-1)
    if (!last || page.length < 500) return
    after = last.id
  }
}

type Mirrored = Pick<ScheduleRow, 'organizationId' | 'id' | 'cron' | 'timeZone' | 'paused' | 'catchUpSeconds' | 'revision' | 'deleted'>

async function mirror(row: Mirrored): Promise<void> {
  const client = temporalClient()
  await client.connection.withDeadline(Date.now() + deadlineMs, async () => {
    const handle = client.schedule.getHandle(row.id)
    if (row.deleted) {
      await handle.delete().catch((error) => {
        if (!(error instanceof ScheduleNotFoundError)) throw error
      })
      return
    }
    const content = {
      spec: { cronExpressions: cronExpressions(row.cron), timezone: row.timeZone },
      action: {
        type: 'startWorkflow' as const,
        workflowType: 'scheduleWorkflow',
        workflowId: `fire-${row.id}`,
        taskQueue,
        args: [{ scheduleId: row.id, revision: row.revision }],
      },
      // Which fires overlap is decided where runs are known; this workflow only takes a moment.
      policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: row.catchUpSeconds * 1_000, pauseOnFailure: false },
    }
    try {
      await handle.update(() => ({ ...content, state: { paused: row.paused } }))
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error
      await client.schedule.create({ scheduleId: row.id, ...content, state: { paused: row.paused } })
    }
  })
  await inOrganization(
    row.organizationId,
    (tx) =>
      tx
        .update(schedules)
        .set({ mirroredRevision: row.revision })
        .where(and(eq(schedules.organizationId, row.organizationId), eq(schedules.id, row.id), eq(schedules.revision, row.revision))),
    { db: defaultDb() },
  )
}

/** Temporal wants both day fields to match; cron means either of them, which takes two expressions. */
export function cronExpressions(cron: string): string[] {
  const fields = cron.trim().split(/\s+/)
  const [minute, hour, day, month, weekday] = fields
  if (fields.length !== 5 || day === '*' || weekday === '*' || day === '?' || weekday === '?') return [cron]
  return [`${minute} ${hour} ${day} ${month} *`, `${minute} ${hour} * ${month} ${weekday}`]
}
