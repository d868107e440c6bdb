import { and, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { invitations } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound } from '@/server/services/service-error'

export async function revokeInvitation(caller: Caller, input: { invitationId: string }): Promise<{ ok: true }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const [revoked] = await tx
      .update(invitations)
      .set({ revokedAt: new Date() })
      .where(and(eq(invitations.id, input.invitationId), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)))
      .returning({ id: invitations.id })
    if (!revoked) throw notFound('open invitation')
    await announce(tx, caller.organizationId, 'people', [])
    await recordAudit(tx, { by: caller, action: 'person.uninvite', target: { kind: 'invitation', id: revoked.id } })
    return { ok: true }
  })
}
