import { and, asc, count, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { projectMemberships, projects, users, workflows } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'

export async function listProjects(caller: Caller) {
  return inOrganization(caller.organizationId, async (tx) => {
    const [rows, roles] = await Promise.all([
      tx
        .select({
          id: projects.id,
          name: projects.name,
          slug: projects.slug,
          createdAt: projects.createdAt,
          workflows: count(workflows.id),
        })
        .from(projects)
        .leftJoin(
          workflows,
          and(eq(workflows.organizationId, projects.organizationId), eq(workflows.projectId, projects.id), isNull(workflows.deletedAt)),
        )
        .where(isNull(projects.deletedAt))
        .groupBy(projects.organizationId, projects.id)
        .orderBy(asc(projects.id)),
      tx
        .select({ projectId: projectMemberships.projectId, userId: users.id, name: users.name, role: projectMemberships.role })
        .from(projectMemberships)
        .innerJoin(users, eq(users.id, projectMemberships.userId))
        .orderBy(asc(users.name)),
    ])
    return {
      items: rows
        .filter((project) => can(caller, 'workflow.read', project.id))
        .map((project) => ({
          ...project,
          roles: roles.filter((each) => each.projectId === project.id).map(({ userId, name, role }) => ({ userId, name, role })),
        })),
    }
  })
}
