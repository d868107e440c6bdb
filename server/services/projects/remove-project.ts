import { and, count, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { organizations, projects, workflows } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound, ServiceError } from '@/server/services/service-error'

/** Only an empty one, and never the last. */
export async function removeProject(caller: Caller, input: { projectId: string }): Promise<{ ok: true }> {
  requirePermission(caller, 'settings.edit')
  return inOrganization(caller.organizationId, async (tx) => {
    await tx.select({ id: organizations.id }).from(organizations).for('no key update')
    const open = await tx.select({ id: projects.id, name: projects.name }).from(projects).where(isNull(projects.deletedAt))
    const project = open.find((each) => each.id === input.projectId)
    if (!project) throw notFound('project')
    if (open.length === 1)
      throw new ServiceError('CONFLICT', 'This is the last project of the organization.', { hint: 'Make another one first.' })
    const [inside] = await tx
      .select({ count: count() })
      .from(workflows)
      .where(and(eq(workflows.projectId, input.projectId), isNull(workflows.deletedAt)))
    if (inside && inside.count > 0)
      throw new ServiceError('CONFLICT', `The project holds ${inside.count} ${inside.count === 1 ? 'workflow' : 'workflows'}.`, {
        hint: 'Move them to another project or delete them first.',
      })
    await tx.update(projects).set({ deletedAt: new Date() }).where(eq(projects.id, input.projectId))
    await announce(tx, caller.organizationId, 'project', [input.projectId])
    await recordAudit(tx, { by: caller, action: 'project.remove', target: { kind: 'project', id: input.projectId, name: project.name } })
    return { ok: true }
  })
}
