import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { workflows } from '@/db/schema'
import { type Caller, can, requirePermission } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { notFound } from '@/server/services/service-error'

export type WorkflowRow = typeof workflows.$inferSelect

/** The workflow, if the caller may do this with it. One that may not even be seen is missing. */
export async function requireWorkflow(
  tx: Transaction,
  caller: Caller,
  workflowId: string,
  permission: Permission,
  { removed = false }: { removed?: boolean } = {},
): Promise<WorkflowRow> {
  const [row] = await tx
    .select()
    .from(workflows)
    .where(
      and(
        eq(workflows.organizationId, caller.organizationId),
        eq(workflows.id, workflowId),
        removed ? undefined : isNull(workflows.deletedAt),
      ),
    )
  if (!row || !can(caller, 'workflow.read', row.projectId)) throw notFound('workflow')
  requirePermission(caller, permission, row.projectId)
  return row
}
