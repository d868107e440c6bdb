import { and, eq, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { organizationOfSchedule } from '@/db/engine'
import { scheduleFires, schedules, workflowTags, workflowVersions } from '@/db/schema'
import { now, nowMs } from '@/server/clock'
import { log } from '@/server/log'
import { announce } from '@/server/realtime/announce'
import { type AcceptedRun, type AcceptRun, acceptRun } from '@/server/services/runs/accept-run'
import { scheduleInput } from '@/server/services/schedules/schedule-input'
import { triggerFor } from '@/server/services/schedules/trigger-for'
import { ServiceError } from '@/server/services/service-error'
import type { FireArgs } from '@/workflows/runtime/driver-types'
import { expectedBetween } from './reconcile'

type Schedule = typeof schedules.$inferSelect
type Outcome = (typeof scheduleFires.$inferSelect)['outcome']
interface Fire {
  outcome: Outcome
  reason?: string
  runId?: string
}

/** Later than this it is told as late. */
const lateMs = 60_000

/** What becomes of one expected fire: the ledger row and the run, in one transaction, once for each time it was meant for. */
export async function fireSchedule({ scheduleId, revision, nominalAt }: FireArgs & { nominalAt: number }): Promise<void> {
  const organizationId = await organizationOfSchedule(scheduleId)
  if (!organizationId) return
  const at = new Date(nominalAt)
  await inOrganization(organizationId, async (tx) => {
    const [schedule] = await tx
      .select()
      .from(schedules)
      .where(and(eq(schedules.organizationId, organizationId), eq(schedules.id, scheduleId)))
      .for('update')
    if (!schedule || schedule.deletedAt) return
    const [row] = await tx
      .insert(scheduleFires)
      .values({ organizationId, scheduleId, nominalAt: at, firedAt: now(), outcome: 'ran' })
      .onConflictDoNothing()
      .returning({ scheduleId: scheduleFires.scheduleId })
    if (!row) return
    const fire = await decide(tx, schedule, at, revision)
    await tx
      .update(scheduleFires)
      .set({ outcome: fire.outcome, reason: fire.reason ?? null, runId: fire.runId ?? null })
      .where(
        and(eq(scheduleFires.organizationId, organizationId), eq(scheduleFires.scheduleId, scheduleId), eq(scheduleFires.nominalAt, at)),
      )
    await announce(tx, organizationId, 'schedule', [scheduleId])
    log.info('a schedule fired', { scheduleId, organizationId, status: fire.outcome, ...(fire.runId ? { runId: fire.runId } : {}) })
  })
}

function firesAt({ cron, timeZone }: Schedule, at: Date): boolean {
  return expectedBetween(cron, timeZone, new Date(at.getTime() - 1), new Date(at.getTime() + 1_000)).length > 0
}

/** What the workflow's settings say against a run stands in the ledger. */
async function acceptOrSay(tx: Transaction, run: AcceptRun): Promise<AcceptedRun | { reason: string }> {
  try {
    return await tx.transaction((inner) => acceptRun(inner, run))
  } catch (error) {
    if (error instanceof ServiceError) return { reason: error.message }
    throw error
  }
}

async function decide(tx: Transaction, schedule: Schedule, at: Date, revision: number): Promise<Fire> {
  const { organizationId, id } = schedule
  // A new name, or other input, takes no fire away: for this time Temporal makes no second one.
  if (revision !== schedule.revision && !firesAt(schedule, at)) {
    return { outcome: 'superseded', reason: 'The schedule was changed before this fire.' }
  }
  if (schedule.paused) return { outcome: 'paused', reason: schedule.pauseReason ?? 'The schedule is paused.' }
  const lateness = nowMs() - at.getTime()
  if (lateness > (schedule.catchUpSeconds + 60) * 1_000) {
    return { outcome: 'missed', reason: `It could only start ${Math.round(lateness / 60_000)} minutes late.` }
  }
  if (schedule.overlap === 'skip') {
    const [running] = await tx.execute<{ run_id: string }>(sql`
      select l.run_id from schedule_fires f join live_runs l on l.run_id = f.run_id
        where f.organization_id = ${scheduleFires.organizationId.mapToDriverValue(organizationId)}
          and f.schedule_id = ${scheduleFires.scheduleId.mapToDriverValue(id)} limit 1`)
    if (running) return { outcome: 'skipped', reason: 'The run before still runs.' }
  }
  const [live] = await tx
    .select({ versionId: workflowVersions.id, graph: workflowVersions.graph })
    .from(workflowTags)
    .innerJoin(
      workflowVersions,
      and(eq(workflowVersions.organizationId, workflowTags.organizationId), eq(workflowVersions.id, workflowTags.versionId)),
    )
    .where(
      and(
        eq(workflowTags.organizationId, organizationId),
        eq(workflowTags.workflowId, schedule.workflowId),
        eq(workflowTags.environmentId, schedule.environmentId),
        eq(workflowTags.name, 'live'),
      ),
    )
  if (!live) return { outcome: 'skipped', reason: 'The workflow has no live version.' }
  const trigger = triggerFor(schedule, live.graph)
  if (!trigger) return { outcome: 'skipped', reason: 'The live version has no trigger that this schedule starts.' }
  const accepted = await acceptOrSay(tx, {
    organizationId,
    workflowId: schedule.workflowId,
    versionId: live.versionId,
    trigger: 'schedule',
    triggerNodeId: trigger.nodeId,
    triggerRef: id,
    input: scheduleInput(schedule, at),
    dedupe: { source: `schedule:${id}`, key: at.toISOString() },
  })
  if ('reason' in accepted) return { outcome: 'skipped', reason: accepted.reason }
  const { runId, duplicate, skipped } = accepted
  if (skipped) return { outcome: 'skipped', reason: 'The workflow runs as often as its settings allow.', runId }
  if (duplicate) return { outcome: 'skipped', reason: 'A run for this time was started already.', runId }
  return {
    outcome: lateness > lateMs ? 'late' : 'ran',
    runId,
    ...(lateness > lateMs ? { reason: `Started ${Math.round(lateness / 1_000)} s late.` } : {}),
  }
}
