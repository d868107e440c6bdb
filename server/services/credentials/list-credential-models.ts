import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { listModels } from '@/server/models/list-models'
import { NodeError } from '@/workflows/nodes/errors'
import { openCredential } from './open-credential'
import { requireCredential } from './require-credential'
import { doorFor } from './test-credential'

/** The models the credential names, else those the provider lists. A provider that does not answer is said, not thrown. */
export async function listCredentialModels(
  caller: Caller,
  { credentialId }: { credentialId: string },
): Promise<{ items: string[]; source: 'settings' | 'provider' | 'practice'; problem: string | null }> {
  await inOrganization(caller.organizationId, (tx) => requireCredential(tx, caller, credentialId, 'credential.use'))
  const credential = await openCredential(caller.organizationId, credentialId)
  if (!credential) return { items: [], source: 'settings', problem: 'This credential is gone.' }
  const named = Array.isArray(credential.settings.models) && credential.settings.models.length > 0
  const door = doorFor(caller.organizationId, credential)
  try {
    const items = await listModels({ fetch: door, credentialId, credential, signal: AbortSignal.timeout(10_000) }, new Date())
    return { items, source: named ? 'settings' : 'provider', problem: null }
  } catch (error) {
    if (error instanceof NodeError) return { items: [], source: 'provider', problem: door.redactText(error.step.message) }
    throw error
  } finally {
    await door.close()
  }
}
