import OpenAI from 'openai'
import { NodeError, type StepError } from '@/workflows/nodes/errors'
import { retryAfter } from '@/workflows/nodes/http-request/status-error'
import type { ModelRequest } from '@/workflows/nodes/model-client'

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
  if (error instanceof OpenAI.APIError && error.status !== undefined) return new NodeError(byStatus(error, model, now))
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
  const status = error.status as number
  const details = error.message.slice(0, 2_000)
  const wait = retryAfter(error.headers?.get('retry-after') ?? undefined, now)
  const waits = wait === null ? {} : { retryAfterMs: wait }
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
    const empty = error.code === 'insufficient_quota'
    return {
      class: empty ? 'budget' : 'rate_limited',
      code: empty ? 'model.quota' : 'model.429',
      message: empty ? `The account at the provider of ${model} has no credit left.` : `The provider of ${model} asks for fewer calls.`,
      hint: empty ? 'Add credit there, or use another provider.' : 'The next try waits as long as it says.',
      details,
      ...waits,
    }
  }
  if (status === 408 || status === 409 || status >= 500) {
    return {
      class: 'transient',
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
