import type { Json } from '../../graph/schema'
import { part } from '../../words/part'
import { phrase } from '../../words/spoken'
import type { GuardedResponse } from '../define'
import { type ErrorClass, NodeError, type StepError } from '../errors'
import { readJson } from '../read-json'
import { retryAfter } from '../retry-after'

/** Why the service said no, with the class that decides whether another try is worth it. */
export async function statusError(response: GuardedResponse, now: Date): Promise<NodeError> {
  const { status, headers } = response
  const retryAfterMs = retryAfter(headers['retry-after'], now)
  // Some services say "too many" with a 403.
  const slowDown = status === 403 && (retryAfterMs !== null || headers['x-ratelimit-remaining'] === '0')
  const kind = slowDown ? 'rate_limited' : classOfStatus(status)
  const step: StepError = {
    class: kind,
    code: `http.${status}`,
    message: meaning[status]
      ? phrase`${hostOf(response.url)} answered ${String(status)} (${meaning[status]}).`
      : phrase`${hostOf(response.url)} answered ${String(status)}.`,
    hint: hintFor(kind, status),
    details: await excerpt(response),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
  return new NodeError(step)
}

const meaning: Record<number, string> = {
  400: part`bad request`,
  401: part`not signed in`,
  402: part`payment required`,
  403: part`not allowed`,
  404: part`not found`,
  405: part`method not allowed`,
  407: part`not signed in at the proxy`,
  408: part`request timed out`,
  409: part`conflict`,
  410: part`gone`,
  413: part`too large`,
  415: part`wrong content type`,
  422: part`cannot be processed`,
  423: part`locked`,
  425: part`too early`,
  429: part`too many requests`,
  500: part`internal error`,
  501: part`not implemented`,
  502: part`bad gateway`,
  503: part`unavailable`,
  504: part`gateway timed out`,
}

/** What a status says of its cause, and so whether another try is worth it. */
function classOfStatus(status: number): ErrorClass {
  switch (status) {
    case 401:
    case 403:
    case 407:
    case 511:
      return 'unauthorized'
    case 402:
      return 'budget'
    case 404:
    case 410:
      return 'not_found'
    case 408:
    case 504:
    case 524:
      return 'timeout'
    case 429:
      return 'rate_limited'
    case 423:
    case 425:
      return 'transient'
    case 501:
    case 505:
      return 'bad_data'
    default:
      return status >= 500 ? 'transient' : 'bad_data'
  }
}

function hintFor(kind: ErrorClass, status: number): string {
  if (kind === 'unauthorized') return 'Check the credential of this step and what it may do there.'
  if (kind === 'not_found') return 'Check the URL and the ids in it.'
  if (kind === 'rate_limited') return 'The service asks for fewer calls; the next try waits as long as it says.'
  if (kind === 'timeout') return 'The service took too long; another try may work.'
  if (kind === 'transient') return 'The service has trouble; another try may work.'
  if (kind === 'budget') return 'The service wants to be paid first: look at the account there.'
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
