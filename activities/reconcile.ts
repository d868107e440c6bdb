import { CronExpressionParser } from 'cron-parser'
import { and, desc, eq, lt } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { allSchedules, type ScheduleRow, unfinishedRuns } from '@/db/engine'
import { scheduleFires } from '@/db/schema'
import { now } from '@/server/clock'
import { log } from '@/server/log'
import { mirrorBehind } from '@/server/services/schedules/mirror-schedule'
import { temporalClient } from '@/server/temporal/client'
import { nudgeRun } from '@/server/temporal/nudge'

/**
 * Compares Postgres with Temporal, which may have lost its data or be a new one: each waiting run has a workflow, each schedule is
 * mirrored, and expected fires that nobody made stand in the ledger as missed.
 */
export async function reconcile(): Promise<void> {
  const started = await startMissingWorkflows()
  await mirrorBehind(await mirroredSchedules())
  const missed = await writeMissedFires(now())
  log.info('compared with Temporal', { count: started, reason: missed > 0 ? `${missed} missed fires` : 'no missed fires' })
}

async function startMissingWorkflows(): Promise<number> {
  const driven = new Set<string>()
  const client = temporalClient()
  for await (const execution of client.workflow.list({
    query: "WorkflowType = 'runWorkflow' and ExecutionStatus = 'Running'",
    pageSize: 1_000,
  })) {
    driven.add(execution.workflowId)
  }
  let started = 0
  for (let after: string | null = null; ; ) {
    const page = await unfinishedRuns(after)
    for (const { runId } of page) {
      if (driven.has(runId)) continue
      if (await nudgeRun(runId)) started += 1
    }
    const last = page.at(-1)
    if (!last || page.length < 500) return started
    after = last.runId
  }
}

async function mirroredSchedules(): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const schedule of temporalClient().schedule.list()) found.add(schedule.scheduleId)
  return found
}

/** Fires that lie further back than their schedule's catch-up time will not be made any more. */
export async function writeMissedFires(now: Date): Promise<number> {
  let written = 0
  for (let after: string | null = null; ; ) {
    const page = await allSchedules(after)
    for (const schedule of page) if (!schedule.deleted && !schedule.paused) written += await writeMissed(schedule, now)
    const last = page.at(-1)
    if (!last || page.length < 500) return written
    after = last.id
  }
}

const mostMissed = 200
/** What Temporal makes up for may stand in the ledger before the gap is seen that lies before it: longer than from one comparison to the next. */
const lookBackMs = 30 * 60_000

async function writeMissed(schedule: ScheduleRow, now: Date): Promise<number> {
  const { organizationId, id: scheduleId } = schedule
  const until = new Date(now.getTime() - (schedule.catchUpSeconds + 120) * 1_000)
  return inOrganization(organizationId, async (tx) => {
    const [newest] = await tx
      .select({ nominalAt: scheduleFires.nominalAt })
      .from(scheduleFires)
      .where(
        and(
          eq(scheduleFires.organizationId, organizationId),
          eq(scheduleFires.scheduleId, scheduleId),
          lt(scheduleFires.nominalAt, new Date(until.getTime() - lookBackMs)),
        ),
      )
      .orderBy(desc(scheduleFires.nominalAt))
      .limit(1)
    const from = new Date(Math.max(newest?.nominalAt.getTime() ?? 0, schedule.updatedAt.getTime()))
    const missed = expectedBetween(schedule.cron, schedule.timeZone, from, until)
    if (missed.length === 0) return 0
    const rows = missed.map((nominalAt) => ({
      organizationId,
      scheduleId,
      nominalAt,
      outcome: 'missed' as const,
      reason: 'Nothing was running at that time.',
    }))
    const written = await tx.insert(scheduleFires).values(rows).onConflictDoNothing().returning({ nominalAt: scheduleFires.nominalAt })
    return written.length
  })
}

/** The newest are kept when there are too many. */
export function expectedBetween(cron: string, timeZone: string, from: Date, until: Date): Date[] {
  if (from >= until) return []
  const found: Date[] = []
  try {
    const times = CronExpressionParser.parse(cron, { currentDate: until, tz: timeZone })
    while (found.length < mostMissed) {
      const time = times.prev().toDate()
      if (time <= from) break
      found.push(time)
    }
  } catch {
    return []
  }
  return found.reverse()
}
