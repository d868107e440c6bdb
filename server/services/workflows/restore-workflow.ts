import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { webhookEndpoints, workflows } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { withFreeName } from './create-workflow'
import { requireWorkflow } from './require-workflow'

export async function restoreWorkflow(caller: Caller, { workflowId }: { workflowId: string }): Promise<{ ok: true }> {
  await withFreeName('that name', () =>
    inOrganization(caller.organizationId, async (tx) => {
      const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.delete', { removed: true })
      if (!workflow.deletedAt) return
      await tx
        .update(workflows)
        .set({ deletedAt: null, updatedAt: new Date() })
        .where(and(eq(workflows.organizationId, caller.organizationId), eq(workflows.id, workflowId)))
      await tx
        .update(webhookEndpoints)
        .set({ active: true })
        .where(and(eq(webhookEndpoints.organizationId, caller.organizationId), eq(webhookEndpoints.workflowId, workflowId)))
      await recordAudit(tx, { by: caller, action: 'workflow.restore', target: { kind: 'workflow', id: workflowId, name: workflow.name } })
      await announce(tx, caller.organizationId, 'workflow', [workflowId])
    }),
  )
  return { ok: true }
}
