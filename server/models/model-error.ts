import OpenAI from 'openai'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import type { ModelRequest } from '@/workflows/nodes/model-client'
import { longestRetryAfterMs, retryAfter } from '@/workflows/nodes/retry-after'

/** What went wrong with a model, with the class that decides the retry. */
export function modelError(error: unknown, request: Pick<ModelRequest, 'model' | 'signal'>, now: Date): NodeError {
  const inner = nodeErrorIn(error)
  if (inner) return inner
  const { model, signal } = request
  if (error instanceof OpenAI.APIUserAbortError || signal.aborted) {
    const late = signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
    return new NodeError(
      late ? tookTooLong(model) : { class: 'cancelled', code: 'model.cancelled', message: `The call to ${model} was stopped.` },
    )
  }
  if (error instanceof OpenAI.APIConnectionTimeoutError) return new NodeError(tookTooLong(model))
  if (error instanceof OpenAI.APIError && (error.status !== undefined || statusOfKind(error) !== null)) {
    return new NodeError(byStatus(error, model, now))
  }
  if (error instanceof SyntaxError) {
    return new NodeError({
      class: 'transient',
      code: 'model.rubbish',
      message: `The provider of ${model} answered something that cannot be read.`,
      hint: 'Another try may work; else check the base URL of the provider.',
    })
  }
  return new NodeError({
    class: 'transient',
    code: 'model.dropped',
    message: `The connection to the provider of ${model} broke off.`,
    hint: 'Another try may work.',
    ...(error instanceof OpenAI.APIError ? { details: error.message.slice(0, 1_000) } : {}),
  })
}

function byStatus(error: InstanceType<typeof OpenAI.APIError>, model: string, now: Date): StepError {
  const status = error.status ?? (statusOfKind(error) as number)
  const details = error.message.slice(0, 2_000)
  const wait = waitOf(error.headers, now)
  const waits = wait === null ? {} : { retryAfterMs: wait }
  if (status === 402 || unpaid.has(String(error.code)) || unpaid.has(String(error.type))) {
    return {
      class: 'budget',
      code: 'model.quota',
      message: `The account at the provider of ${model} has no credit left.`,
      hint: 'Add credit there, or use another provider.',
      details,
    }
  }
  if (status === 401 || status === 403) {
    return {
      class: 'unauthorized',
      code: `model.${status}`,
      message: `The provider of ${model} does not accept the API key.`,
      hint: 'Open Credentials and check the key and what it may use.',
      details,
    }
  }
  if (status === 404) {
    return {
      class: 'not_found',
      code: 'model.404',
      message: `The provider does not know a model called ${model}.`,
      hint: 'Choose another model, or check the base URL of the provider.',
      details,
    }
  }
  if (status === 429) {
    return {
      class: 'rate_limited',
      code: 'model.429',
      message: `The provider of ${model} asks for fewer calls.`,
      hint: 'The next try waits as long as it says.',
      details,
      ...waits,
    }
  }
  if (status === 408 || status === 409 || status === 425 || status >= 500) {
    return {
      class: status === 408 || status === 504 || status === 524 ? 'timeout' : 'transient',
      code: `model.${status}`,
      message: `The provider of ${model} has trouble (it answered ${status}).`,
      hint: 'Another try may work.',
      details,
      ...waits,
    }
  }
  return {
    class: 'bad_data',
    code: `model.${status}`,
    message: `The provider of ${model} refused the request (${status}).`,
    hint: 'Its reason is below; often the prompt is too long or the model does not support what is asked.',
    details,
  }
}

const unpaid = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'access_terminated'])

/** An error that comes in the middle of a stream has no status; its kind says as much. */
function statusOfKind(error: InstanceType<typeof OpenAI.APIError>): number | null {
  const kinds = [String(error.code ?? ''), String(error.type ?? '')]
  const is = (...names: string[]) => names.some((name) => kinds.includes(name))
  if (is(...unpaid)) return 402
  if (is('rate_limit_exceeded', 'rate_limit_error', 'too_many_requests')) return 429
  if (is('invalid_api_key', 'authentication_error', 'permission_error')) return 401
  if (is('model_not_found', 'not_found_error')) return 404
  if (is('server_error', 'api_error', 'internal_server_error', 'overloaded_error')) return 500
  if (is('invalid_request_error', 'context_length_exceeded')) return 400
  return null
}

function waitOf(headers: Headers | undefined, now: Date): number | null {
  const ms = Number(headers?.get('retry-after-ms') || Number.NaN)
  if (ms >= 0) return Math.min(Math.round(ms), longestRetryAfterMs)
  return retryAfter(headers?.get('retry-after') ?? undefined, now)
}

function tookTooLong(model: string): StepError {
  return {
    class: 'timeout',
    code: 'model.timeout',
    message: `${model} did not answer in time.`,
    hint: 'Another try may work; a longer timeout can be set under the step’s settings.',
  }
}

function nodeErrorIn(error: unknown): NodeError | null {
  for (let next = error, depth = 0; next instanceof Error && depth < 5; next = next.cause, depth++) {
    if (next instanceof NodeError) return next
  }
  return null
}
