import { inOrganization } from '@/db/client'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { recordAudit } from '@/server/services/audit/record-audit'
import { acceptRun } from '@/server/services/runs/accept-run'
import { chooseVersion } from '@/server/services/runs/start-run'
import { ServiceError } from '@/server/services/service-error'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { triggersOf } from '@/server/services/workflows/triggers-of'
import { requireSchedule } from './require-schedule'
import { scheduleInput } from './schedule-input'

/** Starts what the schedule would start, now and once, paused or not. */
export async function fireSchedule(caller: Caller, { scheduleId }: { scheduleId: string }): Promise<{ runId: string }> {
  const { organizationId } = caller
  const runId = await inOrganization(organizationId, async (tx) => {
    const { schedule, projectId } = await requireSchedule(tx, caller, scheduleId, 'schedule.read')
    requirePermission(caller, 'run.start', projectId)
    const workflow = await requireWorkflow(tx, caller, schedule.workflowId, 'run.start')
    const version = await chooseVersion(tx, caller, workflow, 'live')
    const triggers = triggersOf(version.graph).filter((trigger) => !trigger.disabled)
    const trigger = triggers.find((one) => one.nodeId === schedule.nodeId) ?? triggers.find((one) => one.kind === 'schedule') ?? triggers[0]
    if (!trigger)
      throw new ServiceError('UNPROCESSABLE', 'The live version has no trigger that is switched on.', { hint: 'Add one and publish.' })
    const run = await acceptRun(tx, {
      organizationId,
      workflowId: workflow.id,
      versionId: version.versionId,
      trigger: 'schedule',
      triggerNodeId: trigger.nodeId,
      triggerRef: schedule.id,
      startedBy: caller.userId,
      input: scheduleInput(schedule, new Date()),
    })
    await recordAudit(tx, {
      by: caller,
      action: 'schedule.fire',
      target: { kind: 'schedule', id: scheduleId, name: schedule.name },
      detail: { runId: run.runId },
    })
    return run.runId
  })
  return { runId }
}
