import { desc } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { alerts } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'

/** The newest hundred of the last seven days. */
export function listAlerts(caller: Caller) {
  return inOrganization(caller.organizationId, async (tx) => {
    const rows = await tx.select().from(alerts).orderBy(desc(alerts.id)).limit(100)
    return {
      items: rows.map(({ id, kind, attempts, dueAt, sentAt, error, createdAt }) => ({
        id,
        kind,
        state: sentAt ? ('sent' as const) : dueAt ? ('waiting' as const) : ('failed' as const),
        attempts,
        error,
        createdAt,
        sentAt,
      })),
    }
  })
}
