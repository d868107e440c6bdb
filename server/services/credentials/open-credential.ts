import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { credentials } from '@/db/schema'
import type { OpenCredential } from '@/server/net/credential'
import { openSecret } from '@/server/net/encryption'
import { keyRing } from '@/server/services/key-ring'

/** The credential with its secret open, for the guarded door and for checks of incoming calls only. */
export async function openCredential(tx: Transaction, organizationId: string, credentialId: string): Promise<OpenCredential | null> {
  const [row] = await tx
    .select()
    .from(credentials)
    .where(and(eq(credentials.organizationId, organizationId), eq(credentials.id, credentialId), isNull(credentials.deletedAt)))
  if (!row) return null
  if (!row.lastUsedAt || Date.now() - row.lastUsedAt.getTime() > 60_000) {
    // A row that somebody is changing is left alone: to be a minute late here is better than to hold up a call.
    await tx.execute(
      sql`update credentials set last_used_at = now() where ctid = (select ctid from credentials where organization_id = ${toUuid(organizationId, 'org')}::uuid and id = ${toUuid(credentialId, 'cred')}::uuid for update skip locked)`,
    )
  }
  const secret =
    row.secret && row.wrappedKey
      ? openSecret(
          { secret: Buffer.from(row.secret), wrappedKey: Buffer.from(row.wrappedKey), keyVersion: row.keyVersion },
          { organizationId, ownerId: row.id },
          keyRing(),
        )
      : '{}'
  return { type: row.type, settings: row.settings, secret: JSON.parse(secret) as Record<string, string>, allowedHosts: row.allowedHosts }
}
