import { isNull, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { apiKeys, invitations, liveRuns, organizations, schedules, webhookEndpoints } from '@/db/schema'

/** Nothing starts in the transaction's organization any more, what runs is cancelled, and nobody finds it. Its rows stay for the keep time. */
export async function closeOrganization(tx: Transaction, reason: string): Promise<void> {
  const now = new Date()
  await tx
    .update(schedules)
    .set({ paused: true, pauseReason: reason, revision: sql`${schedules.revision} + 1`, deletedAt: now })
    .where(isNull(schedules.deletedAt))
  await tx.update(webhookEndpoints).set({ active: false })
  await tx.update(apiKeys).set({ revokedAt: now }).where(isNull(apiKeys.revokedAt))
  await tx.update(invitations).set({ revokedAt: now }).where(isNull(invitations.revokedAt))
  await tx
    .update(liveRuns)
    .set({ cancelAt: now, cancelReason: reason, wakeSeq: sql`${liveRuns.wakeSeq} + 1` })
    .where(isNull(liveRuns.cancelAt))
  // The address becomes free for another one.
  await tx.update(organizations).set({ deletedAt: now, slug: sql`${organizations.slug} || '-closed-' || ${organizations.id}` })
}
