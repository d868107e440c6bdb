import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { credentials } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { openSecret, sealSecret } from '@/server/net/encryption'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { letCircuitsGo, tryCircuits } from '@/server/services/circuits/try-circuits'
import { keyRing } from '@/server/services/key-ring'
import { canonicalJson } from '@/workflows/graph/content-hash'
import type { Json } from '@/workflows/graph/schema'
import { readHosts, readSecret, readSettings, requireCredentialType } from './check-credential-input'
import type { updateCredentialInput } from './contract'
import { withFreeCredentialName } from './create-credential'
import { requireCredential } from './require-credential'

/** Changing where a secret goes clears it, unless it is given again: nobody gets at a secret by sending it elsewhere. */
export function updateCredential(
  caller: Caller,
  input: z.infer<typeof updateCredentialInput>,
): Promise<{ id: string; secretCleared: boolean }> {
  const { organizationId } = caller
  return withFreeCredentialName(input.name ?? '', () =>
    inOrganization(organizationId, async (tx) => {
      const row = await requireCredential(tx, caller, input.credentialId, 'credential.edit')
      const type = requireCredentialType(row.type)
      const settings = input.settings ? readSettings(type, input.settings) : (row.settings as Record<string, Json>)
      const allowedHosts =
        input.settings || input.allowedHosts ? readHosts(type, settings, input.allowedHosts ?? row.allowedHosts) : row.allowedHosts
      const goesElsewhere =
        allowedHosts.some((host) => !row.allowedHosts.includes(host)) ||
        (type.hostFrom !== undefined &&
          canonicalJson(settings[type.hostFrom] ?? null) !== canonicalJson((row.settings[type.hostFrom] ?? null) as Json))
      const context = { organizationId, ownerId: row.id }
      const given = input.secret ? readSecret(type, input.secret, { needed: false }) : {}
      const isGiven = Object.keys(given).length > 0
      const secretCleared = goesElsewhere && !isGiven && row.secret !== null
      const kept =
        isGiven && !goesElsewhere && row.secret && row.wrappedKey
          ? (JSON.parse(
              openSecret(
                { secret: Buffer.from(row.secret), wrappedKey: Buffer.from(row.wrappedKey), keyVersion: row.keyVersion },
                context,
                keyRing(),
              ),
            ) as Record<string, string>)
          : {}
      const sealed = isGiven
        ? sealSecret(JSON.stringify({ ...kept, ...given }), context, keyRing())
        : secretCleared
          ? { secret: null, wrappedKey: null }
          : {}
      await tx
        .update(credentials)
        .set({ name: input.name ?? row.name, settings, allowedHosts, ...sealed, updatedAt: new Date() })
        .where(and(eq(credentials.organizationId, organizationId), eq(credentials.id, row.id)))
      if (goesElsewhere) await letCircuitsGo(tx, organizationId, row.id)
      else if (isGiven || input.settings) await tryCircuits(tx, organizationId, { credentialId: row.id })
      await announce(tx, organizationId, 'credential', [row.id])
      await recordAudit(tx, {
        by: caller,
        action: 'credential.update',
        target: { kind: 'credential', id: row.id, name: input.name ?? row.name },
        detail: {
          ...(input.name && input.name !== row.name ? { name: { before: row.name, after: input.name } } : {}),
          ...(goesElsewhere ? { allowedHosts: { before: row.allowedHosts, after: allowedHosts } } : {}),
          secret: isGiven ? 'replaced' : secretCleared ? 'cleared' : 'kept',
        },
      })
      return { id: row.id, secretCleared }
    }),
  )
}
