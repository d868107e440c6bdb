import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { invitations } from '@/db/schema'
import { organizationRoles, type Role } from '@/db/schema/people'
import type { Caller } from '@/server/auth/caller'
import { isAtMost, permissionsOf } from '@/server/auth/permissions'
import { recordAudit } from '@/server/services/audit/record-audit'

/**
 * Takes back the open invitations of a person that they could not make any more with the role they have now, or with none: whoever made a
 * link may have kept it, and would come back in by it.
 */
export async function revokeInvitationsOf(tx: Transaction, caller: Caller, userId: string, now: Role | null): Promise<void> {
  const given = organizationRoles.filter((role) => !now || !permissionsOf(now).has('people.manage') || !isAtMost(role, now))
  if (given.length === 0) return
  const revoked = await tx
    .update(invitations)
    .set({ revokedAt: new Date() })
    .where(
      and(
        eq(invitations.organizationId, caller.organizationId),
        eq(invitations.invitedBy, userId),
        inArray(invitations.role, given),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, new Date()),
      ),
    )
    .returning({ id: invitations.id })
  for (const { id } of revoked) await recordAudit(tx, { by: caller, action: 'person.uninvite', target: { kind: 'invitation', id } })
}
