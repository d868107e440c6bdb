import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { deadLetters } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import { requireLetter } from './require-letter'

export async function reopenDeadLetter(caller: Caller, { deadLetterId }: { deadLetterId: string }): Promise<{ ok: true }> {
  const { organizationId } = caller
  await inOrganization(organizationId, async (tx) => {
    const letter = await requireLetter(tx, caller, deadLetterId, 'deadletter.resolve')
    if (letter.state === 'open') return
    if (letter.state === 'retried') {
      throw new ServiceError('CONFLICT', 'A run is repairing this already.', { hint: 'Wait for that run; if it fails, this opens again.' })
    }
    await tx
      .update(deadLetters)
      .set({ state: 'open', closedAt: null, closedBy: null, reason: null })
      .where(and(eq(deadLetters.organizationId, organizationId), eq(deadLetters.id, letter.id)))
    await recordAudit(tx, {
      by: caller,
      action: 'dead_letter.reopen',
      target: { kind: 'dead_letter', id: letter.id, name: letter.nodeTitle },
      detail: { before: letter.state },
    })
    await announce(tx, organizationId, 'dead_letter', [letter.id])
  })
  return { ok: true }
}
