import { and, eq, isNull } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { apiKeys } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound } from '@/server/services/service-error'

export async function revokeApiKey(caller: Caller, input: { apiKeyId: string }): Promise<{ ok: true }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: new Date() })
      .where(and(eq(apiKeys.id, input.apiKeyId), isNull(apiKeys.revokedAt)))
      .returning({ name: apiKeys.name })
    if (!revoked) throw notFound('API key')
    await announce(tx, caller.organizationId, 'api_key', [input.apiKeyId])
    await recordAudit(tx, { by: caller, action: 'api_key.revoke', target: { kind: 'api_key', id: input.apiKeyId, name: revoked.name } })
    return { ok: true }
  })
}
