import type { IncomingMessage, ServerResponse } from 'node:http'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { isSameOrigin } from '@/server/auth/check-origin'
import { readBody, readJsonBytes } from '@/server/ingress/read-body'
import { log } from '@/server/log'
import { ServiceError } from '@/server/services/service-error'
import { limits } from '@/workflows/limits'
import { type Context, createContext, headersOf, mayRead, type RequestFacts } from './context'
import { isAway } from './problem'
import { appRouter } from './root'
import { sendBody } from './send-body'

/** A whole graph in one operation, with what surrounds it. */
const mostBytes = 3 * limits.graphBytes
/** superjson and the batch stand around the input. */
const mostDepth = limits.graphDepth + 16
/** The screens send 20 at most. */
const mostInBatch = 50

export async function handleTrpc(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  facts: Omit<RequestFacts, 'headers'>,
): Promise<void> {
  const headers = headersOf(request.headers)
  const method = request.method ?? 'GET'
  const changes = method !== 'GET' && method !== 'HEAD'
  if (changes && !request.headers.authorization && !isSameOrigin(headers)) {
    throw new ServiceError('FORBIDDEN', 'This request came from another site.', { hint: 'Open Millrace itself and try again.' })
  }
  const context = createContext({ headers: request.headers, ...facts })
  // Without its body it is refused for want of a person, in the words of the procedure.
  const body = changes && (await mayRead(context, request.headers)) ? await readBody(request, mostBytes) : null
  if (body && body.length > 0) readJsonBytes(body, mostDepth)
  const asked = changes ? null : url.searchParams.get('input')
  if (asked) readJsonBytes(Buffer.from(asked), mostDepth)
  const answer = await fetchRequestHandler({
    endpoint: '/api/trpc',
    router: appRouter,
    req: new Request(url, { method, headers, ...(body && body.length > 0 ? { body: new Uint8Array(body) } : {}) }),
    createContext: () => context,
    maxBatchSize: mostInBatch,
    onError: ({ error, path }) => reportError(error, context, path),
    responseMeta: () => (context.rate?.refused ? { headers: new Headers({ 'Retry-After': String(context.rate.resetSeconds) }) } : {}),
  })
  response.statusCode = answer.status
  for (const [name, value] of answer.headers) response.setHeader(name, value)
  response.setHeader('Cache-Control', 'no-store')
  await sendBody(request, response, Buffer.from(await answer.arrayBuffer()))
}

/** What is ours goes into the log with its cause; what was the caller's mistake does not. */
export function reportError(error: { code: string; cause?: unknown }, context: Pick<Context, 'requestId'>, procedure?: string): void {
  if (error.code !== 'INTERNAL_SERVER_ERROR') return
  const fields = { requestId: context.requestId, ...(procedure ? { procedure } : {}), error: error.cause ?? error }
  if (isAway(error.cause)) log.warn('the database is away', fields)
  else log.error('a procedure failed', fields)
}
