import { asc, count, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { memberships, organizations, projects } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { permissionsOf } from '@/server/auth/permissions'
import { config } from '@/server/config'
import { countOpenWork } from '@/server/services/home/count-open-work'
import { notFound } from '@/server/services/service-error'

export async function getOrganization(caller: Caller) {
  return inOrganization(caller.organizationId, async (tx) => {
    const one = (rows: { count: number }[]) => rows[0]?.count ?? 0
    const [[organization], projectRows, counts, memberCount] = await Promise.all([
      tx.select().from(organizations),
      tx
        .select({ id: projects.id, name: projects.name, slug: projects.slug })
        .from(projects)
        .where(isNull(projects.deletedAt))
        .orderBy(asc(projects.id)),
      countOpenWork(tx, caller),
      tx.select({ count: count() }).from(memberships).where(eq(memberships.status, 'active')),
    ])
    if (!organization || organization.deletedAt) throw notFound('organization')
    return {
      id: organization.id,
      slug: organization.slug,
      name: organization.name,
      timeZone: organization.timeZone,
      currency: organization.currency,
      isExamples: organization.isExamples,
      createdAt: organization.createdAt,
      counts: {
        ...counts,
        members: one(memberCount),
      },
      projects: projectRows,
      me: {
        user: { id: caller.userId, name: caller.name, email: caller.email },
        role: caller.role,
        permissions: [...permissionsOf(caller.role)],
        projectRoles: [...caller.projectRoles].map(([projectId, role]) => ({ projectId, role })),
      },
      practice: config().practice,
    }
  })
}
