import type { IncomingMessage, ServerResponse } from 'node:http'
import { countCall, rateLimits, requireCall } from '@/server/api/rate-limit'
import { addressBlock } from '@/server/auth/address'
import { readCallbackToken } from '@/server/services/callbacks/callback-token'
import { takeCallback } from '@/server/services/callbacks/take-callback'
import { ServiceError } from '@/server/services/service-error'
import { limits } from '@/workflows/limits'
import { parseBody } from './parse-body'
import { readBody } from './read-body'

/** `/callbacks/<token>`: ends one step's wait with whatever is sent, once. */
export async function handleCallback(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  facts: { address: string | null },
): Promise<void> {
  const target = readCallbackToken(url.pathname.slice('/callbacks/'.length))
  if (!target) {
    requireCall(countCall(rateLimits.unknownHook, addressBlock(facts.address)))
    throw new ServiceError('NOT_FOUND', 'Nothing waits for a call at this address.', {
      hint: 'Call the address exactly as it was handed out.',
    })
  }
  // By step, not by run: the items of a loop may be answered all at once.
  requireCall(countCall(rateLimits.public, `${target.runId} ${target.path}`))
  const { method } = request
  // Whoever only looks at a link, as mail scanners do, must not use it up.
  if (method !== 'POST' && method !== 'PUT') {
    response.setHeader('Allow', 'POST, PUT')
    response.statusCode = 405
    response.setHeader('Content-Type', 'application/problem+json; charset=utf-8')
    const detail = 'A callback is made with POST or PUT; what the run is to get is its body.'
    return void response.end(JSON.stringify({ title: 'Not allowed', status: 405, code: 'BAD_REQUEST', detail }))
  }
  const data = await parseBody(await readBody(request, limits.webhookBodyBytes), request.headers['content-type'])
  await takeCallback(target, data)
  response.statusCode = 202
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.end('{"accepted":true}')
}
