import { randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { answerProblem } from '@/server/answer-problem'
import { strangerBytes } from '@/server/api/context'
import { handleDocs } from '@/server/api/handle-docs'
import { createLiveServer } from '@/server/api/handle-live'
import { handleRest } from '@/server/api/handle-rest'
import { handleTrpc } from '@/server/api/handle-trpc'
import { addressHeader } from '@/server/auth/address'
import { type Client, clientOf, forwarding, isLoopback } from '@/server/auth/client-of'
import { hashToken } from '@/server/auth/token'
import { config } from '@/server/config'
import { handleCallback } from '@/server/ingress/handle-callback'
import { handleHook } from '@/server/ingress/handle-hook'
import { handlePractice } from '@/server/ingress/handle-practice'
import { log } from '@/server/log'
import { gauge, hooksAnswered, requestSeconds, writeMetrics } from '@/server/metrics'
import { createPackedAssets } from '@/server/packed-assets'
import { writeSecurityHeaders } from '@/server/security-headers'
import { checkProgress } from '@/server/services/health/check-progress'
import { ServiceError } from '@/server/services/service-error'

export interface Pages {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
}

export interface WebServer {
  server: Server
  /** No new work: answers what is under way, then ends. */
  stop(graceMs: number): Promise<void>
}

/** One HTTP server for everything: health, webhooks, API, live updates, and pages where there are any. */
export function createWebServer({ pages, dev = false }: { pages: () => Pages | null; dev?: boolean }): WebServer {
  const live = createLiveServer()
  gauge('millrace_live_connections', 'Open WebSockets.', () => live.connections())
  let stopping = false
  let underWay = 0

  const server = createServer(
    { maxHeaderSize: 64 * 1024, requestTimeout: 120_000, headersTimeout: 30_000, keepAliveTimeout: 65_000 },
    (request, response) => {
      underWay += 1
      response.once('close', () => {
        underWay -= 1
      })
      void answer(request, response)
    },
  )
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const pathname = pathOf(request)
    if (stopping) socket.destroy()
    else if (pathname === '/api/live') live.upgrade(request, socket, head)
    else void (pages()?.upgrade(request, socket, head) ?? Promise.resolve(socket.destroy())).catch(() => socket.destroy())
  })

  const packed = createPackedAssets()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now()
    const requestId = randomUUID()
    const client = clientOf(request, config().trustedProxies)
    const { address } = client
    const route = routeOf(pathOf(request))
    // Next would believe them; a workflow may look at what its caller sent.
    if (!client.believed && route !== 'hooks') for (const name of forwarding) delete request.headers[name]
    let procedure: string | undefined
    request.headers[addressHeader] = address ?? ''
    response.setHeader('X-Request-Id', requestId)
    const { url: publicUrl } = config()
    writeSecurityHeaders(request, response, {
      kind: route === 'page' || route === 'asset' ? route : 'other',
      dev,
      secure: client.secure || publicUrl.startsWith('https://'),
      url: new URL(publicUrl).origin,
    })
    if (stopping) response.setHeader('Connection', 'close')
    response.once('close', () => {
      const seconds = (performance.now() - began) / 1000
      requestSeconds.observe({ route, status: String(response.statusCode) }, seconds)
      if (route === 'hooks') hooksAnswered.inc({ status: String(response.statusCode) })
      const fields = {
        requestId,
        method: request.method ?? '',
        route,
        status: response.statusCode,
        durationMs: Math.round(seconds * 1000),
        ...(procedure ? { procedure } : {}),
      }
      // A line for each of a thousand calls a second would cost more than it tells; the metrics count them.
      const isUsual = route === 'health' || route === 'asset' || (route === 'hooks' && response.statusCode < 400)
      if (isUsual) log.debug('request', fields)
      else log.info('request', fields)
    })
    try {
      const url = urlOf(request)
      switch (route) {
        case 'health':
          return await health(url.pathname, response, mayLook(request, client))
        case 'hooks':
          return await handleHook(request, response, url, { address })
        case 'callbacks':
          return await handleCallback(request, response, url, { address })
        case 'practice':
          return await handlePractice(request, response, url)
        case 'trpc':
          procedure = url.pathname.slice('/api/trpc/'.length).slice(0, 200)
          return await handleTrpc(request, response, url, { requestId, address })
        case 'rest':
          procedure = (await handleRest(request, response, url, { requestId, address })).procedure
          return
        case 'docs':
          return await handleDocs(response, url.pathname)
        default: {
          requireSmallBody(request)
          if (route === 'asset' && (await packed(request, response, url.pathname))) return
          const app = pages()
          if (app) return await app.handle(request, response)
          response.statusCode = 503
          response.setHeader('Retry-After', '2')
          response.end('Millrace is starting.')
        }
      }
    } catch (error) {
      const problem = answerProblem(response, error, requestId)
      if (problem.code === 'INTERNAL') log.error('a request failed', { requestId, route, error })
      if (problem.code === 'UNAVAILABLE') log.warn('a request could not be answered', { requestId, route, error })
    }
  }

  async function health(pathname: string, response: ServerResponse, details: boolean): Promise<void> {
    if (pathname === '/metrics') {
      if (!details) {
        response.setHeader('WWW-Authenticate', 'Bearer')
        throw new ServiceError('UNAUTHORIZED', 'Metrics are for this machine and for whoever shows the token.', {
          hint: 'Send Authorization: Bearer with the value of MILLRACE_METRICS_TOKEN.',
        })
      }
      const { type, text } = await writeMetrics()
      response.setHeader('Content-Type', type)
      return void response.end(text)
    }
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    response.setHeader('Cache-Control', 'no-store')
    if (pathname === '/healthz') return void response.end('{"ok":true}')
    const progress = await checkProgress()
    const ready = progress.ready && pages() !== null && !stopping
    response.statusCode = ready ? 200 : 503
    response.end(JSON.stringify(details ? { ...progress, ready, pages: pages() !== null } : { ready }))
  }

  return {
    server,
    async stop(graceMs) {
      stopping = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      live.close()
      server.closeIdleConnections()
      const ends = Date.now() + graceMs
      while (underWay > 0 && Date.now() < ends) await new Promise((resolve) => setTimeout(resolve, 50))
      server.closeAllConnections()
      await closed
    },
  }
}

/** From this machine itself, through nobody, or with the token of the settings. */
function mayLook(request: IncomingMessage, client: Client): boolean {
  if (isLoopback(client.address) && !client.forwarded) return true
  const { metricsToken } = config()
  const shown = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return metricsToken !== null && shown !== undefined && timingSafeEqual(hashToken(shown), hashToken(metricsToken))
}

/** Next and next-auth read whatever is sent, and are asked by strangers: what has no length they would read without an end. */
function requireSmallBody({ headers }: IncomingMessage): void {
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= strangerBytes) return
  throw new ServiceError('PAYLOAD_TOO_LARGE', `A page takes at most ${strangerBytes / 1024} KB, with their length.`, {
    limit: strangerBytes,
    hint: 'Sign in with e-mail and password as the page sends them.',
  })
}

function urlOf(request: IncomingMessage): URL {
  const { url: path = '/' } = request
  if (URL.canParse(path, config().url)) return new URL(path, config().url)
  throw new ServiceError('BAD_REQUEST', 'This is not an address.', { hint: 'Check the address and try again.' })
}

function pathOf(request: IncomingMessage): string {
  const [path = '/'] = (request.url ?? '/').split('?')
  return path
}

type Route = 'health' | 'hooks' | 'callbacks' | 'practice' | 'trpc' | 'rest' | 'docs' | 'auth' | 'asset' | 'page'

/** What kind of address it is; the log says this and never the address itself, which may hold a token. */
export function routeOf(path: string): Route {
  if (path === '/healthz' || path === '/readyz' || path === '/metrics') return 'health'
  if (path.startsWith('/hooks/')) return 'hooks'
  if (path.startsWith('/callbacks/')) return 'callbacks'
  if (path === '/practice' || path.startsWith('/practice/')) return 'practice'
  if (path.startsWith('/api/trpc/')) return 'trpc'
  if (path === '/api/v1' || path.startsWith('/api/v1/')) return 'rest'
  if (path === '/api/openapi.json' || path === '/api/docs' || path.startsWith('/api/docs/')) return 'docs'
  if (path.startsWith('/api/auth/')) return 'auth'
  if (path.startsWith('/_next/static/') || path === '/icon.svg' || path === '/favicon.ico') return 'asset'
  return 'page'
}
