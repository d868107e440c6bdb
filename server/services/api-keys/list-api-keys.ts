import { desc, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { apiKeys, users } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'

/** Those not revoked, newest first; one that is over stays in sight until somebody revokes it. */
export async function listApiKeys(caller: Caller) {
  const rows = await inOrganization(caller.organizationId, (tx) =>
    tx
      .select({
        id: apiKeys.id,
        name: apiKeys.name,
        hint: apiKeys.hint,
        role: apiKeys.role,
        createdBy: { id: apiKeys.createdBy, name: users.name },
        createdAt: apiKeys.createdAt,
        lastUsedAt: apiKeys.lastUsedAt,
        expiresAt: apiKeys.expiresAt,
      })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.createdBy))
      .where(isNull(apiKeys.revokedAt))
      .orderBy(desc(apiKeys.id)),
  )
  return { items: rows }
}
