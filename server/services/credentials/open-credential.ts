import { askDirectly, warmOwn } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { OpenCredential } from '@/server/net/credential'
import { openSecret, type SealedSecret } from '@/server/net/encryption'
import { keyRing } from '@/server/services/key-ring'

interface Row {
  type: string
  settings: Record<string, unknown>
  allowed_hosts: string[]
  secret: Buffer | null
  wrapped_key: Buffer | null
  key_version: number
}

/**
 * The credential with its secret open, for the guarded door and for checks of incoming calls only; null where it is gone or belongs to
 * another project than the one that is named. One statement: it is asked for at each call that leaves.
 */
export async function openCredential(
  organizationId: string,
  credentialId: string,
  { projectId }: { projectId?: string } = {},
): Promise<OpenCredential | null> {
  const given = [toUuid(organizationId, 'org'), projectId === undefined ? null : toUuid(projectId, 'prj'), toUuid(credentialId, 'cred')]
  const [row] = (await warmOwn((db) =>
    askDirectly(db, 'select * from open_credential($1::uuid, $2::uuid, $3::uuid)', given),
  )) as unknown as Row[]
  if (!row) return null
  const { type, settings, allowed_hosts: allowedHosts, secret, wrapped_key: wrappedKey, key_version: keyVersion } = row
  const sealed: SealedSecret | null = secret && wrappedKey ? { secret, wrappedKey, keyVersion } : null
  const opened = sealed ? openSecret(sealed, { organizationId, ownerId: credentialId }, keyRing()) : '{}'
  return { type, settings, secret: JSON.parse(opened) as Record<string, string>, allowedHosts }
}
