import { inOrganization } from '@/db/client'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { recordAudit } from '@/server/services/audit/record-audit'
import { acceptRun } from '@/server/services/runs/accept-run'
import { chooseVersion } from '@/server/services/runs/start-run'
import { ServiceError } from '@/server/services/service-error'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { requireSchedule } from './require-schedule'
import { scheduleInput } from './schedule-input'
import { triggerFor } from './trigger-for'

/** Starts what the schedule would start, now and once, paused or not. */
export async function fireSchedule(caller: Caller, { scheduleId }: { scheduleId: string }): Promise<{ runId: string }> {
  const { organizationId } = caller
  const runId = await inOrganization(organizationId, async (tx) => {
    const { schedule, projectId } = await requireSchedule(tx, caller, scheduleId, 'schedule.read')
    requirePermission(caller, 'run.start', projectId)
    const workflow = await requireWorkflow(tx, caller, schedule.workflowId, 'run.start')
    const version = await chooseVersion(tx, caller, workflow, 'live')
    const trigger = triggerFor(schedule, version.graph)
    if (!trigger) {
      throw new ServiceError('UNPROCESSABLE', 'The live version has no trigger that this schedule starts.', {
        hint: 'Publish a version that has it, or choose another trigger for the schedule.',
      })
    }
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
