import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { config } from '@/server/config'
import { listModels } from '@/server/models/list-models'
import type { OpenCredential } from '@/server/net/credential'
import { createGuardedFetch } from '@/server/net/guarded-fetch'
import { recordAudit } from '@/server/services/audit/record-audit'
import { findCredentialType } from '@/workflows/nodes/credential-types'
import { NodeError } from '@/workflows/nodes/errors'
import type { testCredentialInput } from './contract'
import { openCredential } from './open-credential'
import { requireCredential } from './require-credential'

/** Asks the other side once, through the guarded door. Nothing of its answer but the status is shown. */
export async function testCredential(
  caller: Caller,
  input: z.infer<typeof testCredentialInput>,
): Promise<{ ok: boolean; message: string; status: number | null }> {
  const { organizationId } = caller
  await inOrganization(organizationId, async (tx) => {
    const { id, name } = await requireCredential(tx, caller, input.credentialId, 'credential.use')
    await recordAudit(tx, { by: caller, action: 'credential.test', target: { kind: 'credential', id, name } })
  })
  const credential = await openCredential(organizationId, input.credentialId)
  const type = credential && findCredentialType(credential.type)
  if (!credential || !type) return { ok: false, message: 'This kind of credential is not known here.', status: null }
  if (type.inbound) {
    const ok = Object.keys(credential.secret).length > 0
    return {
      ok,
      message: ok ? 'A secret is stored. Call the webhook to see it checked.' : 'No secret is stored. Enter it again.',
      status: null,
    }
  }
  const door = doorFor(organizationId, credential)
  try {
    if (type.hostFrom) {
      const models = await listModels(
        { fetch: door, credentialId: 'tested', credential, ask: true, signal: AbortSignal.timeout(15_000) },
        new Date(),
      )
      return {
        ok: true,
        message: models.length === 1 ? 'It answers and offers 1 model.' : `It answers and offers ${models.length} models.`,
        status: 200,
      }
    }
    const target = input.url ?? firstAddress(credential)
    if (!target) return { ok: false, message: 'Give an address to try it at.', status: null }
    const response = await door(target, { credential: 'tested', signal: AbortSignal.timeout(15_000), maxBytes: 64 * 1024 })
    const refused = response.status === 401 || response.status === 403
    return {
      ok: !refused && response.status < 500,
      message: refused
        ? `${new URL(target).host} refused it (${response.status}).`
        : `${new URL(target).host} answered ${response.status}.`,
      status: response.status,
    }
  } catch (error) {
    if (error instanceof NodeError)
      return { ok: false, message: door.redactText(`${error.step.message} ${error.step.hint ?? ''}`.trim()), status: null }
    throw error
  } finally {
    await door.close()
  }
}

export function doorFor(organizationId: string, credential: OpenCredential) {
  return createGuardedFetch({
    owner: organizationId,
    allowedHosts: config().allowedHosts,
    ownUrl: config().url,
    resolveCredential: async () => credential,
    timeoutMs: 20_000,
  })
}

function firstAddress(credential: OpenCredential): string | null {
  const host = credential.allowedHosts.find((one) => !one.startsWith('*'))
  return host ? `https://${host}/` : null
}
