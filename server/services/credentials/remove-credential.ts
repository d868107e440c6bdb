import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { credentials } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { letCircuitsGo } from '@/server/services/circuits/try-circuits'
import { ServiceError } from '@/server/services/service-error'
import { getCredential } from './get-credential'
import { requireCredential } from './require-credential'

/** Refused while a live version uses it; the secret itself is erased at once. */
export async function removeCredential(caller: Caller, { credentialId }: { credentialId: string }): Promise<{ ok: true }> {
  const { organizationId } = caller
  const { uses } = await getCredential(caller, { credentialId })
  const live = uses.filter((use) => use.where === 'live')
  if (live[0]) {
    throw new ServiceError(
      'CONFLICT',
      `“${live[0].workflowName}”${live.length > 1 ? ` and ${live.length - 1} more` : ''} uses this credential in its live version.`,
      {
        hint: 'Choose another credential there and publish, then remove this one.',
      },
    )
  }
  await inOrganization(organizationId, async (tx) => {
    const row = await requireCredential(tx, caller, credentialId, 'credential.edit')
    await tx
      .update(credentials)
      .set({ deletedAt: new Date(), secret: null, wrappedKey: null, updatedAt: new Date() })
      .where(and(eq(credentials.organizationId, organizationId), eq(credentials.id, row.id)))
    await letCircuitsGo(tx, organizationId, row.id)
    await announce(tx, organizationId, 'credential', [row.id])
    await recordAudit(tx, {
      by: caller,
      action: 'credential.remove',
      target: { kind: 'credential', id: row.id, name: row.name },
      detail: { type: row.type },
    })
  })
  return { ok: true }
}
