import { and, asc, desc, eq, gt, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { lastSeenOfMembers } from '@/db/definer'
import { invitations, memberships, projectMemberships, users } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'

export async function listPeople(caller: Caller) {
  return inOrganization(caller.organizationId, async (tx) => {
    const [members, roles, lastSeen, open] = await Promise.all([
      tx
        .select({
          membershipId: memberships.id,
          userId: memberships.userId,
          name: users.name,
          email: users.email,
          role: memberships.role,
          status: memberships.status,
        })
        .from(memberships)
        .innerJoin(users, eq(users.id, memberships.userId))
        .where(eq(memberships.status, 'active'))
        .orderBy(asc(users.name), asc(memberships.id)),
      tx
        .select({ projectId: projectMemberships.projectId, userId: projectMemberships.userId, role: projectMemberships.role })
        .from(projectMemberships),
      lastSeenOfMembers(tx),
      tx
        .select({
          id: invitations.id,
          email: invitations.email,
          role: invitations.role,
          projectId: invitations.projectId,
          invitedBy: users.name,
          createdAt: invitations.createdAt,
          expiresAt: invitations.expiresAt,
        })
        .from(invitations)
        .leftJoin(users, eq(users.id, invitations.invitedBy))
        .where(and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, new Date())))
        .orderBy(desc(invitations.id)),
    ])
    return {
      members: members.map((member) => ({
        ...member,
        lastSeenAt: lastSeen.get(member.userId) ?? null,
        projectRoles: roles.filter((each) => each.userId === member.userId).map(({ projectId, role }) => ({ projectId, role })),
      })),
      invitations: open,
    }
  })
}
