import { and, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { projectMemberships, projects } from '@/db/schema'
import type { Role } from '@/db/schema/people'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { requireGrantable, requireManageable } from '@/server/services/people/require-manageable'
import { notFound } from '@/server/services/service-error'

/** In that project it replaces the organization's role; null takes it away again. */
export async function setProjectRole(
  caller: Caller,
  input: { projectId: string; userId: string; role: Role | null },
): Promise<{ ok: true }> {
  requirePermission(caller, 'people.manage')
  if (input.role) requireGrantable(caller, input.role)
  return inOrganization(caller.organizationId, async (tx) => {
    const [project] = await tx
      .select({ name: projects.name })
      .from(projects)
      .where(and(eq(projects.id, input.projectId), isNull(projects.deletedAt)))
    if (!project) throw notFound('project')
    await requireManageable(tx, caller, input.userId)
    const there = and(eq(projectMemberships.projectId, input.projectId), eq(projectMemberships.userId, input.userId))
    const [before] = await tx.select({ role: projectMemberships.role }).from(projectMemberships).where(there)
    if (input.role) {
      await tx
        .insert(projectMemberships)
        .values({ organizationId: caller.organizationId, projectId: input.projectId, userId: input.userId, role: input.role })
        .onConflictDoUpdate({
          target: [projectMemberships.organizationId, projectMemberships.projectId, projectMemberships.userId],
          set: { role: input.role },
        })
    } else await tx.delete(projectMemberships).where(there)
    await announce(tx, caller.organizationId, 'people', [input.userId])
    await recordAudit(tx, {
      by: caller,
      action: 'project.set_role',
      target: { kind: 'project', id: input.projectId, name: project.name },
      detail: { userId: input.userId, before: before?.role ?? null, after: input.role },
    })
    return { ok: true }
  })
}
