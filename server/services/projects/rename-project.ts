import { and, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { projects } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound } from '@/server/services/service-error'
import { requireFreeName } from './require-free-name'

export async function renameProject(caller: Caller, input: { projectId: string; name: string }): Promise<{ ok: true }> {
  requirePermission(caller, 'settings.edit')
  return inOrganization(caller.organizationId, async (tx) => {
    const there = and(eq(projects.id, input.projectId), isNull(projects.deletedAt))
    const [before] = await tx.select({ name: projects.name }).from(projects).where(there)
    if (!before) throw notFound('project')
    await requireFreeName(tx, input.name, input.projectId)
    await tx.update(projects).set({ name: input.name }).where(there)
    await announce(tx, caller.organizationId, 'project', [input.projectId])
    await recordAudit(tx, {
      by: caller,
      action: 'project.rename',
      target: { kind: 'project', id: input.projectId, name: input.name },
      detail: { before: before.name, after: input.name },
    })
    return { ok: true }
  })
}
