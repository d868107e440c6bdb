import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer } from 'ws'
import { isSameOrigin } from '@/server/auth/check-origin'
import { readSessionToken } from '@/server/auth/session-cookie'
import { createContext, headersOf } from './context'
import { reportError } from './handle-trpc'
import { appRouter } from './root'

export interface LiveServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  connections(): number
  /** Tells every client to come back, then closes. */
  close(): void
}

/** The WebSocket at /api/live: from this site only, signed in by cookie; each subscription then checks its own rights. */
export function createLiveServer(): LiveServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false })
  const handler = applyWSSHandler({
    wss: sockets,
    router: appRouter,
    keepAlive: { enabled: true, pingMs: 25_000, pongWaitMs: 10_000 },
    createContext: ({ req, info }) => {
      const organizationId = info.connectionParams?.organizationId
      return createContext({
        headers: req.headers,
        requestId: randomUUID(),
        address: req.socket.remoteAddress ?? null,
        organizationId: typeof organizationId === 'string' ? organizationId : null,
      })
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
      handler.broadcastReconnectNotification()
      for (const client of sockets.clients) client.close(1012, 'restarting')
      sockets.close()
    },
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
