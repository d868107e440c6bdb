import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { projects } from '@/db/schema'
import { type Caller, can, forbidden, requirePermission } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { notFound } from '@/server/services/service-error'

/** The named project, or the first one where the caller may do this. */
export async function chooseProject(
  tx: Transaction,
  caller: Caller,
  projectId: string | undefined,
  permission: Permission,
): Promise<string> {
  const rows = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.organizationId, caller.organizationId), isNull(projects.deletedAt)))
    .orderBy(asc(projects.id))
  if (projectId) {
    if (!rows.some((row) => row.id === projectId) || !can(caller, 'workflow.read', projectId)) throw notFound('project')
    requirePermission(caller, permission, projectId)
    return projectId
  }
  const first = rows.find((row) => can(caller, permission, row.id))
  if (!first) throw forbidden(caller, permission)
  return first.id
}
