import type { IncomingMessage, ServerResponse } from 'node:http'
import { TRPCError } from '@trpc/server'
import { isSameOrigin } from '@/server/auth/check-origin'
import { readBody, readJsonBytes } from '@/server/ingress/read-body'
import { answerOnce } from '@/server/services/idempotency/answer-once'
import { ServiceError } from '@/server/services/service-error'
import { isStorableText } from '@/workflows/graph/find-bad-json'
import { limits } from '@/workflows/limits'
import { createContext, headersOf, mayRead, type RequestFacts } from './context'
import { reportError } from './handle-trpc'
import { writeRateHeaders } from './rate-limit'
import { type RestRoute, readQuery, restRoutes } from './rest-routes'
import { appRouter } from './root'
import { sendBody } from './send-body'
import { createCallerFactory } from './trpc'

const callerFor = createCallerFactory(appRouter)
const mostBytes = 2 * limits.graphBytes

/** `/api/v1/…`: the same procedures, with plain JSON around them. */
export async function handleRest(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  facts: Omit<RequestFacts, 'headers'>,
): Promise<{ procedure?: string }> {
  const path = withoutLastSlashes(url.pathname.slice('/api/v1'.length)) || '/'
  const method = request.method ?? 'GET'
  const there = restRoutes().filter((route) => route.match.test(path))
  const route = there.find((one) => one.method === method)
  if (!route) {
    if (there.length > 0) {
      response.setHeader('Allow', [...new Set(there.map((one) => one.method))].join(', '))
      throw new ServiceError('BAD_REQUEST', `${method} is not possible here.`, {
        hint: `Use ${[...new Set(there.map((one) => one.method))].join(' or ')}.`,
      })
    }
    throw new ServiceError('NOT_FOUND', 'There is no such address in the API.', { hint: 'The list of all is at /api/docs.' })
  }
  if (method !== 'GET' && !request.headers.authorization && !isSameOrigin(headersOf(request.headers))) {
    throw new ServiceError('FORBIDDEN', 'This request came from another site.', { hint: 'Send an API key instead of a cookie.' })
  }
  const context = createContext({ headers: request.headers, ...facts })
  const takesBody = method !== 'GET' && method !== 'DELETE'
  try {
    // Nothing here is for strangers: what they send is not even read.
    if (takesBody && !(await mayRead(context, request.headers))) await context.caller()
    const bytes = takesBody ? await readBody(request, mostBytes) : Buffer.alloc(0)
    const input = readInput(route, url, path, bytes, request)
    const key = idempotencyKeyOf(request, method)
    if (key && route.procedure === 'runs.start') input.idempotencyKey ??= key
    const call = () => callProcedure(route, context, input)
    const answer =
      key && route.procedure !== 'runs.start'
        ? await answerOnce(await context.caller(), { key, route: `${method} ${path}`, body: bytes }, call)
        : { value: await call(), repeated: false }
    if (answer.repeated) response.setHeader('Idempotency-Replayed', 'true')
    if (context.rate) writeRateHeaders(response, context.rate)
    response.statusCode = 200
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    response.setHeader('Cache-Control', 'no-store')
    await sendBody(request, response, Buffer.from(JSON.stringify(answer.value) ?? ''))
  } catch (error) {
    if (context.rate) writeRateHeaders(response, context.rate)
    if (error instanceof TRPCError) reportError(error, context, route.procedure)
    throw error
  }
  return { procedure: route.procedure }
}

/** Not by a pattern: of sixty thousand slashes with a letter behind them it would look at each to the end. */
function withoutLastSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

async function callProcedure(
  route: RestRoute,
  context: ReturnType<typeof createContext>,
  input: Record<string, unknown>,
): Promise<unknown> {
  let at: unknown = callerFor(context)
  for (const part of route.procedure.split('.')) at = (at as Record<string, unknown>)[part]
  return (at as (input: unknown) => Promise<unknown>)(route.input ? input : undefined)
}

function readInput(route: RestRoute, url: URL, path: string, bytes: Buffer, request: IncomingMessage): Record<string, unknown> {
  const input = bytes.length > 0 ? readObject(bytes, request) : readQuery(route.input, url.searchParams)
  const found = route.match.exec(path)
  for (const [index, name] of route.names.entries()) {
    const value = decode(found?.[index + 1] ?? '')
    if (input[name] !== undefined && input[name] !== value) {
      throw new ServiceError('BAD_REQUEST', `“${name}” stands in the address and, otherwise, in what was sent.`, { pointer: `/${name}` })
    }
    input[name] = value
  }
  return input
}

function readObject(bytes: Buffer, request: IncomingMessage): Record<string, unknown> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json' && !type?.endsWith('+json')) {
    throw new ServiceError('BAD_REQUEST', 'The body has to be JSON.', { hint: 'Send Content-Type: application/json.' })
  }
  const value = readJsonBytes(bytes, limits.graphDepth + 8)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ServiceError('BAD_REQUEST', 'The body has to be a JSON object.', { pointer: '' })
  }
  return value
}

function decode(part: string): string {
  try {
    const text = decodeURIComponent(part)
    if (isStorableText(text)) return text
    throw new URIError('unstorable')
  } catch {
    throw new ServiceError('BAD_REQUEST', 'The address is not encoded rightly.')
  }
}

function idempotencyKeyOf(request: IncomingMessage, method: string): string | null {
  const given = request.headers['idempotency-key']
  if (method !== 'POST' || given === undefined) return null
  const key = (Array.isArray(given) ? given[0] : given)?.trim() ?? ''
  if (key.length === 0 || key.length > 255)
    throw new ServiceError('BAD_REQUEST', 'An Idempotency-Key has 1 to 255 characters.', { limit: 255 })
  return key
}
