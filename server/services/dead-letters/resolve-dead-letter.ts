import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { deadLetters } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { replayIn } from '@/server/services/runs/replay-run'
import { ServiceError } from '@/server/services/service-error'
import { stateInWords } from '@/server/services/state-words'
import type { resolveDeadLetterInput } from './contract'
import { requireLetter } from './require-letter'

/** Runs again from the failed step, as a new run that is linked; the letter is resolved when that run succeeds. */
export async function resolveDeadLetter(caller: Caller, input: z.infer<typeof resolveDeadLetterInput>): Promise<{ runId: string }> {
  return { runId: await inOrganization(caller.organizationId, (tx) => resolveIn(tx, caller, input)) }
}

export async function resolveIn(tx: Transaction, caller: Caller, input: z.infer<typeof resolveDeadLetterInput>): Promise<string> {
  const { organizationId } = caller
  const letter = await requireLetter(tx, caller, input.deadLetterId, 'deadletter.resolve')
  requirePermission(caller, 'run.start', letter.projectId)
  if (letter.state !== 'open') {
    throw new ServiceError(
      'CONFLICT',
      letter.state === 'retried' ? 'A run is repairing this already.' : `This dead letter is ${stateInWords(letter.state)} already.`,
      {
        hint: 'Load the list again to see how it stands.',
      },
    )
  }
  const { runId } = await replayIn(tx, caller, {
    runId: letter.runId,
    fromPath: input.fromPath ?? letter.failedPath,
    ...(input.versionId ? { versionId: input.versionId } : {}),
    ...(input.input === undefined ? {} : { input: input.input }),
  })
  await tx
    .update(deadLetters)
    .set({ state: 'retried', retryRunId: runId, ownerId: letter.ownerId ?? caller.userId })
    .where(and(eq(deadLetters.organizationId, organizationId), eq(deadLetters.id, letter.id)))
  await announce(tx, organizationId, 'dead_letter', [letter.id])
  await recordAudit(tx, {
    by: caller,
    action: 'dead_letter.resolve',
    target: { kind: 'dead_letter', id: letter.id, name: letter.nodeTitle },
    detail: {
      runId,
      failedRunId: letter.runId,
      from: input.fromPath ?? letter.failedPath,
      input: input.input === undefined ? 'kept' : 'changed',
    },
  })
  return runId
}
