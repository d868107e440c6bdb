import { createHash } from 'node:crypto'
import { and, eq, lt } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { idempotencyKeys } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { log } from '@/server/log'
import { ServiceError } from '@/server/services/service-error'

const keptMs = 30 * 24 * 3_600_000
/** After that a call that left no answer counts as dead. */
const patienceMs = 2 * 60_000

/** The same key with the same request gets the first answer for 30 days; with another request it is a conflict. What fails may be tried again. */
export async function answerOnce<T>(
  caller: Caller,
  request: { key: string; route: string; body: Uint8Array },
  work: () => Promise<T>,
): Promise<{ value: T | unknown; repeated: boolean }> {
  const { organizationId } = caller
  const keyHash = createHash('sha256')
    .update(`${caller.apiKeyId ?? caller.userId}\n${request.key}`)
    .digest()
  const requestHash = createHash('sha256').update(request.route).update('\n').update(request.body).digest()
  const here = and(eq(idempotencyKeys.organizationId, organizationId), eq(idempotencyKeys.keyHash, keyHash))
  const first = await inOrganization(organizationId, async (tx) => {
    await tx.delete(idempotencyKeys).where(and(here, lt(idempotencyKeys.expiresAt, new Date())))
    const [made] = await tx
      .insert(idempotencyKeys)
      .values({ organizationId, keyHash, route: request.route, requestHash, expiresAt: new Date(Date.now() + patienceMs) })
      .onConflictDoNothing()
      .returning({ route: idempotencyKeys.route })
    if (made) return null
    const [there] = await tx.select().from(idempotencyKeys).where(here)
    return there ?? null
  })
  if (first) {
    if (!Buffer.from(first.requestHash).equals(requestHash)) {
      throw new ServiceError('CONFLICT', 'This Idempotency-Key was used with another request.', {
        hint: 'Use a new key for a new request.',
      })
    }
    if (first.status === null) {
      throw new ServiceError('CONFLICT', 'The first request with this Idempotency-Key is still under way.', {
        retryAfterSeconds: 2,
        hint: 'Ask again in a moment.',
      })
    }
    return { value: first.response, repeated: true }
  }
  const value = await work().catch(async (error: unknown) => {
    await inOrganization(organizationId, (tx) => tx.delete(idempotencyKeys).where(here)).catch(() => {})
    throw error
  })
  await inOrganization(
    organizationId,
    (tx) =>
      tx
        .update(idempotencyKeys)
        .set({ status: 200, response: JSON.parse(JSON.stringify(value)) as unknown, expiresAt: new Date(Date.now() + keptMs) })
        .where(here),
    // It is done: whoever heard of a failure would do it again.
  ).catch((error: unknown) => log.warn('an answer was not kept under its idempotency key', { organizationId, error }))
  return { value, repeated: false }
}
