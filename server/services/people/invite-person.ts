import { and, eq, isNull, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { invitations, memberships, projects, users } from '@/db/schema'
import type { Role } from '@/db/schema/people'
import type { Caller } from '@/server/auth/caller'
import { hashToken, newToken } from '@/server/auth/token'
import { config } from '@/server/config'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound, ServiceError } from '@/server/services/service-error'
import { requireGrantable, requireManageable } from './require-manageable'

const days = 7

export interface InvitePersonInput {
  email: string
  role: Role
  projectId?: string | undefined
}

/** The link works once, for seven days, and is shown only here. A second invitation of the same address ends the first. */
export async function invitePerson(caller: Caller, input: InvitePersonInput): Promise<{ invitationId: string; url: string }> {
  requireGrantable(caller, input.role)
  const email = input.email.trim().toLowerCase()
  const token = newToken()
  const invitationId = newId('inv')
  await inOrganization(caller.organizationId, async (tx) => {
    if (input.projectId) {
      const [project] = await tx
        .select({ id: projects.id })
        .from(projects)
        .where(and(eq(projects.id, input.projectId), isNull(projects.deletedAt)))
      if (!project) throw notFound('project')
    }
    const [member] = await tx
      .select({ userId: memberships.userId, role: memberships.role })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(and(eq(sql`lower(${users.email})`, email), eq(memberships.status, 'active')))
    if (member && !input.projectId) {
      // For who forgot the password: the link lets them choose a new one, and changes no role.
      await requireManageable(tx, caller, member.userId)
      if (member.role !== input.role)
        throw new ServiceError('CONFLICT', `This person is a member already, as ${member.role}.`, {
          pointer: '/role',
          hint: `Change the role in the list of people; or, for a forgotten password, invite them as ${member.role}.`,
        })
    }
    await tx
      .update(invitations)
      .set({ revokedAt: new Date() })
      .where(and(eq(invitations.email, email), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)))
    await tx.insert(invitations).values({
      organizationId: caller.organizationId,
      id: invitationId,
      email,
      role: input.role,
      projectId: input.projectId ?? null,
      tokenHash: hashToken(token),
      invitedBy: caller.userId,
      expiresAt: new Date(Date.now() + days * 24 * 60 * 60 * 1000),
    })
    await announce(tx, caller.organizationId, 'people', [])
    await recordAudit(tx, {
      by: caller,
      action: 'person.invite',
      target: { kind: 'invitation', id: invitationId },
      detail: { role: input.role, projectId: input.projectId },
    })
  })
  return { invitationId, url: `${config().url}/invite/${token}` }
}
