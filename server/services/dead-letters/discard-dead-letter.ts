import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { deadLetters } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import { stateInWords } from '@/server/services/state-words'
import type { discardDeadLetterInput } from './contract'
import { requireLetter } from './require-letter'

export async function discardDeadLetter(caller: Caller, input: z.infer<typeof discardDeadLetterInput>): Promise<{ ok: true }> {
  const { organizationId } = caller
  await inOrganization(organizationId, async (tx) => {
    const letter = await requireLetter(tx, caller, input.deadLetterId, 'deadletter.resolve')
    if (letter.state !== 'open') {
      throw new ServiceError('CONFLICT', `This dead letter is ${stateInWords(letter.state)} already.`, {
        hint: 'Load the list again to see how it stands.',
      })
    }
    await tx
      .update(deadLetters)
      .set({ state: 'discarded', closedAt: new Date(), closedBy: caller.userId, reason: input.reason })
      .where(and(eq(deadLetters.organizationId, organizationId), eq(deadLetters.id, letter.id)))
    await recordAudit(tx, {
      by: caller,
      action: 'dead_letter.discard',
      target: { kind: 'dead_letter', id: letter.id, name: letter.nodeTitle },
      detail: { reason: input.reason, runId: letter.runId },
    })
    await announce(tx, organizationId, 'dead_letter', [letter.id])
  })
  return { ok: true }
}
