import type { Json } from '../../graph/schema'
import type { GuardedResponse } from '../define'
import { type ErrorClass, NodeError, type StepError } from '../errors'
import { readJson } from '../read-json'

/** Why the service said no, with the class that decides whether another try is worth it. */
export async function statusError(response: GuardedResponse, now: Date): Promise<NodeError> {
  const { status } = response
  const retryAfterMs = retryAfter(response.headers['retry-after'], now)
  const step: StepError = {
    class: classOf(status),
    code: `http.${status}`,
    message: `${hostOf(response.url)} answered ${status}${meaning[status] ? ` (${meaning[status]})` : ''}.`,
    hint: hintFor(status),
    details: await excerpt(response),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
  return new NodeError(step)
}

/** Milliseconds to wait by a Retry-After header: seconds or a date. */
export function retryAfter(header: string | undefined, now: Date): number | null {
  if (!header) return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now.getTime()
  return Number.isFinite(ms) ? Math.min(Math.max(0, Math.round(ms)), 86_400_000) : null
}

const meaning: Record<number, string> = {
  400: 'bad request',
  401: 'not signed in',
  403: 'not allowed',
  404: 'not found',
  405: 'method not allowed',
  408: 'request timed out',
  409: 'conflict',
  410: 'gone',
  413: 'too large',
  415: 'wrong content type',
  422: 'cannot be processed',
  429: 'too many requests',
  500: 'internal error',
  502: 'bad gateway',
  503: 'unavailable',
  504: 'gateway timed out',
}

function classOf(status: number): ErrorClass {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 404 || status === 410) return 'not_found'
  if (status === 429) return 'rate_limited'
  if (status === 408 || status === 425 || status >= 500) return 'transient'
  return 'bad_data'
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) return 'Check the credential of this step and what it may do there.'
  if (status === 404 || status === 410) return 'Check the URL and the ids in it.'
  if (status === 429) return 'The service asks for fewer calls; the next try waits as long as it says.'
  if (status === 408 || status === 425 || status >= 500) return 'The service has trouble; another try may work.'
  if (status >= 300 && status < 400) return 'Follow redirects, or use the address it points to.'
  return 'Compare what is sent with what the service expects; its answer is below.'
}

async function excerpt(response: GuardedResponse): Promise<Json> {
  try {
    const text = (await response.text()).slice(0, 4_000).replaceAll('\u0000', '\uFFFD').toWellFormed()
    const read = readJson(text)
    return read.ok ? read.value : text
  } catch {
    return null
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The service'
}
