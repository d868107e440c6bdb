import { isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { projects } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { makeSlug } from '@/server/services/organizations/make-slug'
import { requireFreeName } from './require-free-name'

export async function createProject(caller: Caller, input: { name: string }): Promise<{ id: string; slug: string }> {
  requirePermission(caller, 'settings.edit')
  const id = newId('prj')
  return inOrganization(caller.organizationId, async (tx) => {
    await requireFreeName(tx, input.name)
    const taken = new Set(
      (await tx.select({ slug: projects.slug }).from(projects).where(isNull(projects.deletedAt))).map((row) => row.slug),
    )
    const base = makeSlug(input.name, 'project')
    let slug = base
    for (let number = 2; taken.has(slug); number++) slug = `${base}-${number}`
    await tx.insert(projects).values({ organizationId: caller.organizationId, id, name: input.name, slug })
    await announce(tx, caller.organizationId, 'project', [id])
    await recordAudit(tx, { by: caller, action: 'project.create', target: { kind: 'project', id, name: input.name } })
    return { id, slug }
  })
}
