import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
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
