import type { Retry } from '../graph/schema'
import type { StepError } from '../nodes/errors'
import { longestRetryAfterMs } from '../nodes/retry-after'

/** Milliseconds before the next try after `attempt` tries, or null when there is none. */
export function retryDelay(retry: Retry, attempt: number, error: StepError, random: () => number): number | null {
  if (attempt >= retry.attempts || !isWorthAnotherTry(retry, error)) return null
  const grown = retry.backoff === 'fixed' ? retry.delayMs : retry.delayMs * 2 ** Math.min(attempt - 1, 30)
  const delay = Math.min(grown, Math.max(retry.maxDelayMs, retry.delayMs))
  const jittered = delay * (1 - retry.jitter + retry.jitter * random())
  return Math.round(Math.max(jittered, Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs)))
}

/** Whether a failure of this kind may be tried again at all. */
export function isWorthAnotherTry(retry: Retry, { class: kind }: StepError): boolean {
  if (kind === 'cancelled' || kind === 'budget') return false
  return retry.on.some((on) => on === 'any' || on === kind)
}
