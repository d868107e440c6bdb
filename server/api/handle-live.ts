import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AnyProcedure } from '@trpc/server'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Caller } from '@/server/auth/caller'
import { callerOfViewer } from '@/server/auth/caller-of'
import { isSameOrigin } from '@/server/auth/check-origin'
import { clientOf } from '@/server/auth/client-of'
import { getViewer } from '@/server/auth/get-viewer'
import { readSessionToken } from '@/server/auth/session-cookie'
import { config } from '@/server/config'
import { ServiceError } from '@/server/services/service-error'
import { createContext, headersOf } from './context'
import { reportError } from './handle-trpc'
import { appRouter } from './root'
import { router } from './trpc'

export interface LiveServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  connections(): number
  /** Tells every client to come back, then closes. */
  close(): void
}

/** How often an open socket is asked whether its person may still listen. */
const recheckMs = 30_000

/** Only what is a subscription: reading and changing go through HTTP, where bodies are read strictly and the origin is checked each time. */
function subscriptions() {
  const found: Record<string, Record<string, AnyProcedure>> = {}
  for (const [path, procedure] of Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>)) {
    const [group = '', name = ''] = path.split('.')
    if (procedure._def.type === 'subscription') found[group] = { ...found[group], [name]: procedure }
  }
  return router(found)
}

/** The WebSocket at /api/live: from this site only, signed in by cookie; each subscription then checks its own rights. */
export function createLiveServer({ recheckEveryMs = recheckMs }: { recheckEveryMs?: number } = {}): LiveServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false })
  const listening = new Map<IncomingMessage, { client: WebSocket; caller: (() => Promise<Caller>) | null }>()
  sockets.on('connection', (client: WebSocket, request: IncomingMessage) => {
    listening.set(request, { client, caller: null })
    client.once('close', () => listening.delete(request))
  })
  const recheck = setInterval(() => {
    for (const [request, { client, caller }] of listening)
      void mayListen(request, caller).then((may) => {
        if (!may) client.close(4401, 'signed out')
      })
  }, recheckEveryMs).unref()
  const handler = applyWSSHandler({
    wss: sockets,
    router: subscriptions(),
    keepAlive: { enabled: true, pingMs: 25_000, pongWaitMs: 10_000 },
    createContext: ({ req, info }) => {
      const given = info.connectionParams?.organizationId
      const organizationId = typeof given === 'string' ? given : null
      const context = createContext({
        headers: req.headers,
        requestId: randomUUID(),
        address: clientOf(req, config().trustedProxies).address,
        organizationId,
      })
      const known = listening.get(req)
      if (known) known.caller = () => context.caller()
      return context
    },
    onError: ({ error, ctx, path }) => reportError(error, { requestId: ctx?.requestId ?? '' }, path),
  })
  return {
    upgrade(request, socket, head) {
      const headers = headersOf(request.headers)
      if (!request.headers.origin || !isSameOrigin(headers)) return refuse(socket, '403 Forbidden')
      if (!readSessionToken(headers)) return refuse(socket, '401 Unauthorized')
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request))
    },
    connections: () => sockets.clients.size,
    close() {
      clearInterval(recheck)
      handler.broadcastReconnectNotification()
      for (const client of sockets.clients) client.close(1012, 'restarting')
      sockets.close()
    },
  }
}

/** False once the session is over or the person is no member any more; a database that is away changes nothing. */
async function mayListen(request: IncomingMessage, caller: (() => Promise<Caller>) | null): Promise<boolean> {
  try {
    const viewer = await getViewer(headersOf(request.headers))
    // Of the organization that it listens to, whether it was named by id, by slug or not at all.
    if (viewer && caller) await callerOfViewer(viewer, (await caller()).organizationId)
    return viewer !== null
  } catch (error) {
    return !(error instanceof ServiceError)
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
