import { eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { memberships, projectMemberships } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { requireAnotherOwner, requireManageable } from './require-manageable'
import { revokeInvitationsOf } from './revoke-invitations-of'

/** Takes all rights at once, also those of keys and invitations the person made. The membership stays as suspended, so that history keeps its names. */
export async function removePerson(caller: Caller, input: { userId: string }): Promise<{ ok: true }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const role = await requireManageable(tx, caller, input.userId)
    if (role === 'owner') await requireAnotherOwner(tx, input.userId)
    await tx.update(memberships).set({ status: 'suspended' }).where(eq(memberships.userId, input.userId))
    await tx.delete(projectMemberships).where(eq(projectMemberships.userId, input.userId))
    await revokeInvitationsOf(tx, caller, input.userId, null)
    await announce(tx, caller.organizationId, 'people', [input.userId])
    await recordAudit(tx, { by: caller, action: 'person.remove', target: { kind: 'person', id: input.userId }, detail: { role } })
    return { ok: true }
  })
}
