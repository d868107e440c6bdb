import type { IncomingMessage, ServerResponse } from 'node:http'
import { countCall, rateLimits, requireCall, writeRateHeaders } from '@/server/api/rate-limit'
import { addressBlock } from '@/server/auth/address'
import { config } from '@/server/config'
import { ServiceError } from '@/server/services/service-error'
import { acceptCall } from '@/server/services/webhooks/accept-call'
import { acceptDelivery, captureDelivery } from '@/server/services/webhooks/accept-delivery'
import { findTrigger, findWebhookSecret, type WebhookTrigger } from '@/server/services/webhooks/find-trigger'
import { type Awaited, type Expected, expectResponse } from '@/server/services/webhooks/wait-for-response'
import type { Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { checkCaller } from './check-caller'
import { answerOrigin, isAllowed, requireAddress } from './check-place'
import { deliveryIdOf } from './delivery-id'
import { fromEntries, parseBody } from './parse-body'
import { readBody } from './read-body'

/** `/hooks/<token>`: who may call, what came, one committed run, then the answer that the trigger chose. */
export async function handleHook(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  facts: { address: string | null },
): Promise<void> {
  const [, , token = '', ...rest] = url.pathname.split('/')
  checkHeaders(request)
  let trigger = /^[A-Za-z0-9_-]{20,100}$/.test(token) ? await findTrigger(token) : null
  if (!trigger) {
    requireCall(countCall(rateLimits.unknownHook, addressBlock(facts.address)))
    throw noWebhook()
  }
  const rate = countCall(rateLimits.hook, trigger.endpointId)
  writeRateHeaders(response, rate)
  requireCall(rate)
  // What is remembered may be old, and a call that is turned away by it would never find out: then it is read again first.
  if (!letsIn(trigger, request, facts.address)) trigger = await findTrigger(token, { fresh: true })
  if (!trigger) throw noWebhook()
  if (!enters(trigger, request, response, facts.address)) return
  const bytes = await readBody(request, limits.webhookBodyBytes)
  let proof: string | null
  try {
    proof = await requireSigned(trigger, request, bytes)
  } catch (error) {
    const now = await findTrigger(token, { fresh: true })
    if (now && now.live?.versionId === trigger.live?.versionId) throw error
    if (!now) throw noWebhook()
    trigger = now
    if (!enters(trigger, request, response, facts.address)) return
    proof = await requireSigned(trigger, request, bytes)
  }
  const body = await parseBody(bytes, request.headers['content-type'])
  const data = { method: request.method ?? 'POST', path: `/${rest.join('/')}`, query: fromEntries(url.searchParams.entries()), body }
  await receive(trigger, { token, address: facts.address, bytes, proof, data }, request, response)
}

/** Whether its body is looked at: by its address, the page it comes from and its method. Where not, it was answered, or this throws. */
function enters(trigger: WebhookTrigger, request: IncomingMessage, response: ServerResponse, address: string | null): boolean {
  if (trigger.live) {
    requireAddress(trigger.live.addresses, address)
    if (answerOrigin(trigger.live.origins, request, response)) return false
  }
  return requireMethod(trigger, request, response)
}

interface Received {
  token: string
  address: string | null
  bytes: Buffer
  /** The header that proved who calls, by what was known of the webhook first. */
  proof: string | null
  data: { [name: string]: Json }
}

/** What is known of a webhook may have changed since: then nothing happened, and it is read again. */
async function receive(given: WebhookTrigger, call: Received, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let { proof } = call
  for (let trigger: WebhookTrigger | null = given, reads = 0; trigger; reads += 1) {
    const { live } = trigger
    if (reads > 0) {
      if (live) requireAddress(live.addresses, call.address)
      if (!requireMethod(trigger, request, response)) return
      proof = await requireSigned(trigger, request, call.bytes)
    }
    const deliveryId = deliveryIdOf(request.headers, call.data.body ?? null, live?.deliveryIdHeader ?? '', live?.auth ?? 'none')
    const data: Json = { ...call.data, headers: headersFor(request, proof), deliveryId }
    if (!live) {
      if (!trigger.capturing)
        throw new ServiceError('NOT_FOUND', 'The workflow behind this webhook is not published.', { hint: 'Publish it, then call again.' })
      await captureDelivery(trigger, data)
      return answer(response, 202, { captured: true })
    }
    const expected = live.respond === 'at-once' ? null : expectResponse(trigger.organizationId)
    try {
      const accepted =
        trigger.capturing || !live.plain || reads > 2
          ? await acceptDelivery(trigger, live.versionId, data, deliveryId)
          : await acceptCall(trigger, live.versionId, { data, deliveryId, ...(expected ? { runId: expected.runId } : {}) })
      if (accepted !== 'changed') return await answerCall(trigger.organizationId, live.respond, { ...accepted, expected }, response)
    } finally {
      expected?.stop()
    }
    trigger = await findTrigger(call.token, { fresh: true })
  }
  throw noWebhook()
}

async function answerCall(
  organizationId: string,
  respond: NonNullable<WebhookTrigger['live']>['respond'],
  accepted: { runId: string; duplicate: boolean; expected: Expected | null },
  response: ServerResponse,
): Promise<void> {
  const { runId, duplicate } = accepted
  response.setHeader('X-Millrace-Run', runId)
  if (respond === 'at-once') return answer(response, 202, { runId, duplicate })
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const isNew = accepted.expected?.runId === runId
  const expected = accepted.expected && isNew ? accepted.expected : expectResponse(organizationId, runId)
  const found = await expected.wait(limits.webhookAnswerMs, gone.signal, { look: !isNew }).finally(() => expected.stop())
  if (respond === 'respond-node' && found?.response) return writeResponse(response, found.response)
  if (!found?.finished) return later(response, runId, found)
  // What a workflow gives is for whoever may see its runs, unless it says that callers hear it.
  if (found.status === 'succeeded')
    return answer(response, 200, respond === 'when-finished' ? found.output : { runId, status: 'succeeded' })
  return answer(response, 500, {
    type: 'https://millrace.dev/problems/run-failed',
    title: 'The run did not succeed',
    status: 500,
    code: 'INTERNAL',
    detail: found.status === 'cancelled' ? 'The run was cancelled.' : 'The workflow failed; it waits for repair.',
    hint: 'Its run page says why.',
    requestId: requestIdOf(response),
    runId,
  })
}

function noWebhook(): ServiceError {
  return new ServiceError('NOT_FOUND', 'There is no webhook at this address.', { hint: 'Copy the address from the workflow again.' })
}

function letsIn(trigger: WebhookTrigger, request: IncomingMessage, address: string | null): boolean {
  return isAllowed(trigger.live?.addresses ?? [], address) && takesMethod(trigger, request)
}

function takesMethod({ live }: WebhookTrigger, request: IncomingMessage): boolean {
  return !live || live.method === 'ANY' || live.method === (request.method ?? 'POST')
}

/** False when it answered that the method is another one. */
function requireMethod(trigger: WebhookTrigger, request: IncomingMessage, response: ServerResponse): boolean {
  const { live } = trigger
  if (!live || takesMethod(trigger, request)) return true
  response.setHeader('Allow', live.method)
  answer(response, 405, {
    type: 'https://millrace.dev/problems/bad-request',
    title: 'Not allowed',
    status: 405,
    code: 'BAD_REQUEST',
    detail: `This webhook takes ${live.method}.`,
    hint: `Call it with ${live.method}.`,
    requestId: requestIdOf(response),
  })
  return false
}

function checkHeaders(request: IncomingMessage): void {
  const count = request.rawHeaders.length / 2
  if (count > limits.webhookHeaders)
    throw new ServiceError('BAD_REQUEST', `A call has at most ${limits.webhookHeaders} headers.`, { limit: limits.webhookHeaders })
  const bytes = request.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
  if (bytes > limits.webhookHeaderBytes)
    throw new ServiceError('BAD_REQUEST', `Headers hold at most ${limits.webhookHeaderBytes / 1024} KB.`, {
      limit: limits.webhookHeaderBytes,
    })
}

async function requireSigned(trigger: WebhookTrigger, request: IncomingMessage, bytes: Buffer): Promise<string | null> {
  const { live } = trigger
  if (!live || live.auth === 'none') return null
  const credential = live.credentialId ? await findWebhookSecret(trigger.organizationId, live.credentialId) : null
  const checked = checkCaller(live, credential, request.headers, bytes, new Date())
  if (checked.ok) return checked.header
  throw new ServiceError(
    'UNAUTHORIZED',
    refusals[live.auth as keyof typeof refusals]?.[0] ?? 'The signature is missing, wrong or too old.',
    { hint: refusals[live.auth as keyof typeof refusals]?.[1] ?? 'Check the signing secret and the clock of the sender.' },
  )
}

const refusals = {
  bearer: ['The bearer token is missing or wrong.', 'Send Authorization: Bearer with the token of this webhook.'],
  basic: ['User name or password are missing or wrong.', 'Send Authorization: Basic with those of this webhook.'],
  header: ['The header that proves who calls is missing or wrong.', 'Send the header that was agreed for this webhook.'],
  hmac: ['The signature is missing or wrong.', 'Send the HMAC-SHA256 of the body in the header that was agreed for this webhook.'],
} as const

const secretHeaders =
  /^(authorization|proxy-authorization|cookie|x-hub-signature|x-hub-signature-256|stripe-signature|webhook-signature|x-millrace-address)$/

/** What is stored of the headers: nothing that proves who called. */
function headersFor(request: IncomingMessage, proof: string | null): { [key: string]: Json } {
  return fromEntries(
    Object.entries(request.headers).flatMap(([name, value]): [string, Json][] =>
      secretHeaders.test(name) || name === proof || value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

function later(response: ServerResponse, runId: string, found: Awaited | null): void {
  const status = `${config().url}/api/v1/runs/${runId}`
  response.setHeader('Location', status)
  answer(response, 202, { runId, status: found?.status ?? 'accepted', ask: status })
}

/** Made by a workflow, so it is inert on our origin whatever it says. */
function writeResponse(response: ServerResponse, given: NonNullable<Awaited['response']>): void {
  const isText = typeof given.body === 'string'
  response.statusCode = given.status
  for (const [name, value] of Object.entries(given.headers)) response.setHeader(name, value)
  if (!response.hasHeader('Content-Type'))
    response.setHeader('Content-Type', isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8')
  response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'")
  response.setHeader('X-Content-Type-Options', 'nosniff')
  if (given.status === 204 || given.status === 304) return void response.end()
  response.end(isText ? (given.body as string) : JSON.stringify(given.body))
}

function requestIdOf(response: ServerResponse): string | null {
  const id = response.getHeader('X-Request-Id')
  return typeof id === 'string' ? id : null
}

function answer(response: ServerResponse, status: number, body: Json): void {
  response.statusCode = status
  response.setHeader('Content-Type', status >= 400 ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8')
  response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'")
  response.end(JSON.stringify(body ?? null))
}
