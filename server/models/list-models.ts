import type { OpenCredential } from '@/server/net/credential'
import type { GuardedFetch } from '@/workflows/nodes/define'
import { NodeError } from '@/workflows/nodes/errors'
import { statusError } from '@/workflows/nodes/http-request/status-error'

/** Ids of a provider's models: those its credential names, else what the provider lists. Also how a provider is tested. */
export async function listModels(
  {
    fetch,
    credentialId,
    credential,
    ask = false,
    signal,
  }: {
    fetch: GuardedFetch
    credentialId: string
    credential: Pick<OpenCredential, 'settings'>
    /** Ask the provider even where the credential names models. */
    ask?: boolean
    signal?: AbortSignal
  },
  now: Date,
): Promise<string[]> {
  const { baseUrl, models } = credential.settings
  const named = Array.isArray(models) ? models.filter((model): model is string => typeof model === 'string' && model.trim() !== '') : []
  if (named.length > 0 && !ask) return named
  const response = await fetch(`${String(baseUrl).replace(/\/+$/, '')}/models`, { credential: credentialId, ...(signal ? { signal } : {}) })
  if (!response.ok) throw await statusError(response, now)
  const answer = await response.json()
  const data = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer.data : null
  if (!Array.isArray(data)) {
    throw new NodeError({
      class: 'bad_data',
      code: 'model.rubbish',
      message: 'The provider does not list its models in the usual way.',
      hint: 'Check the base URL, or name the models in the credential.',
    })
  }
  return data
    .flatMap((one) => (typeof one === 'object' && one !== null && !Array.isArray(one) && typeof one.id === 'string' ? [one.id] : []))
    .slice(0, 500)
    .sort()
}
