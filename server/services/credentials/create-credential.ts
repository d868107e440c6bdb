import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { credentials } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { sealSecret } from '@/server/net/encryption'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { keyRing } from '@/server/services/key-ring'
import { liveEnvironment } from '@/server/services/live-environment'
import { brokeUnique } from '@/server/services/rows'
import { ServiceError } from '@/server/services/service-error'
import { chooseProject } from '@/server/services/workflows/choose-project'
import { readHosts, readSecret, readSettings, requireCredentialType } from './check-credential-input'
import type { createCredentialInput } from './contract'

export async function createCredential(caller: Caller, input: z.infer<typeof createCredentialInput>): Promise<{ id: string }> {
  const { organizationId } = caller
  const type = requireCredentialType(input.type)
  const settings = readSettings(type, input.settings)
  const secret = readSecret(type, input.secret, { needed: !type.hostFrom })
  const allowedHosts = readHosts(type, settings, input.allowedHosts)
  const id = newId('cred')
  await withFreeCredentialName(input.name, () =>
    inOrganization(organizationId, async (tx) => {
      if (input.projectId) await chooseProject(tx, caller, input.projectId, 'credential.edit')
      else requirePermission(caller, 'credential.edit')
      const sealed = sealSecret(JSON.stringify(secret), { organizationId, ownerId: id }, keyRing())
      await tx.insert(credentials).values({
        organizationId,
        id,
        projectId: input.projectId ?? null,
        environmentId: await liveEnvironment(tx, organizationId),
        name: input.name,
        type: input.type,
        settings,
        allowedHosts,
        ...sealed,
        createdBy: caller.userId,
      })
      await announce(tx, organizationId, 'credential', [id])
      await recordAudit(tx, {
        by: caller,
        action: 'credential.create',
        target: { kind: 'credential', id, name: input.name },
        detail: { type: input.type, allowedHosts },
      })
    }),
  )
  return { id }
}

export async function withFreeCredentialName<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!brokeUnique(error, 'credentials_name')) throw error
    throw new ServiceError('CONFLICT', `There is already a credential called “${name}”.`, {
      pointer: '/name',
      hint: 'Choose another name.',
      cause: error,
    })
  }
}
