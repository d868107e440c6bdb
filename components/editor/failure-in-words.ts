import type { NodeSettings, Retry } from '@/workflows/graph/schema'
import { retrySchema } from '@/workflows/graph/schema'
import type { NodeDefinition } from '@/workflows/nodes/define'
import { durationInWords } from '@/workflows/nodes/flow-wait/duration-in-words'

export const defaultRetry: Retry = retrySchema.parse({})

/** How often it is tried where nothing is said. */
export function attemptsOf(settings: NodeSettings, definition: NodeDefinition): number {
  if (settings.retry) return settings.retry.attempts
  return definition.kind === 'effect' && !settings.atMostOnce ? (definition.retry?.attempts ?? 1) : 1
}

export type FailureWords = (
  key: 'once' | 'exponential' | 'fixed' | 'then.fail' | 'then.continue' | 'then.port',
  values?: Record<string, string | number>,
) => string

/** "3 tries, the first wait 1 s, then doubling; after that the run fails" */
export function failureInWords(settings: NodeSettings, definition: NodeDefinition, t: FailureWords): string {
  const attempts = attemptsOf(settings, definition)
  const retry = settings.retry ?? defaultRetry
  const tries =
    attempts <= 1 || settings.atMostOnce
      ? t('once')
      : t(retry.backoff, { attempts, delay: durationInWords(retry.delayMs), most: durationInWords(retry.maxDelayMs) })
  return `${tries}; ${t(`then.${settings.onError}`)}`
}
