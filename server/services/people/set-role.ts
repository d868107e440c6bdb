import { eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { memberships } from '@/db/schema'
import type { Role } from '@/db/schema/people'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { requireAnotherOwner, requireGrantable, requireManageable } from './require-manageable'
import { revokeInvitationsOf } from './revoke-invitations-of'

export async function setRole(caller: Caller, input: { userId: string; role: Role }): Promise<{ ok: true }> {
  requireGrantable(caller, input.role)
  return inOrganization(caller.organizationId, async (tx) => {
    const before = await requireManageable(tx, caller, input.userId)
    if (before === input.role) return { ok: true }
    if (before === 'owner') await requireAnotherOwner(tx, input.userId)
    await tx.update(memberships).set({ role: input.role }).where(eq(memberships.userId, input.userId))
    await revokeInvitationsOf(tx, caller, input.userId, input.role)
    await announce(tx, caller.organizationId, 'people', [input.userId])
    await recordAudit(tx, {
      by: caller,
      action: 'person.set_role',
      target: { kind: 'person', id: input.userId },
      detail: { before, after: input.role },
    })
    return { ok: true }
  })
}
