import { and, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { schedules, webhookEndpoints, workflows } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { mirrorLater } from '@/server/services/schedules/mirror-later'
import { requireWorkflow } from './require-workflow'

/** Hidden, not erased: runs stay, triggers stop. Restore brings it back, its schedules paused. */
export async function removeWorkflow(caller: Caller, { workflowId }: { workflowId: string }): Promise<{ ok: true }> {
  const stopped = await inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.delete')
    const here = and(eq(workflows.organizationId, caller.organizationId), eq(workflows.id, workflowId))
    await tx.update(workflows).set({ deletedAt: new Date(), updatedAt: new Date() }).where(here)
    await tx
      .update(webhookEndpoints)
      .set({ active: false })
      .where(and(eq(webhookEndpoints.organizationId, caller.organizationId), eq(webhookEndpoints.workflowId, workflowId)))
    const paused = await tx
      .select()
      .from(schedules)
      .where(
        and(
          eq(schedules.organizationId, caller.organizationId),
          eq(schedules.workflowId, workflowId),
          isNull(schedules.deletedAt),
          eq(schedules.paused, false),
        ),
      )
      .for('update')
    for (const schedule of paused) {
      await tx
        .update(schedules)
        .set({ paused: true, pauseReason: 'Its workflow was removed.', revision: schedule.revision + 1, updatedAt: new Date() })
        .where(and(eq(schedules.organizationId, caller.organizationId), eq(schedules.id, schedule.id)))
    }
    await recordAudit(tx, { by: caller, action: 'workflow.remove', target: { kind: 'workflow', id: workflowId, name: workflow.name } })
    await announce(tx, caller.organizationId, 'workflow', [workflowId])
    if (paused.length > 0)
      await announce(
        tx,
        caller.organizationId,
        'schedule',
        paused.map((schedule) => schedule.id),
      )
    return paused.map((schedule) => schedule.id)
  })
  mirrorLater(caller.organizationId, stopped)
  return { ok: true }
}
