import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink } from '@trpc/client'
import superjson from 'superjson'
import type { AppRouter } from '@/server/api/root'
import { useConnection } from './connection'
import { sessionLink } from './session-link'

/** Requests go over HTTP in batches, subscriptions over one WebSocket that comes back by itself. */
export function createClient(organization: () => string | null) {
  const socket =
    typeof window === 'undefined' || !organization()
      ? null
      : createWSClient({
          url: `${window.location.origin.replace(/^http/, 'ws')}/api/live`,
          connectionParams: () => ({ organizationId: organization() ?? '' }),
          lazy: { enabled: true, closeMs: 10_000 },
          keepAlive: { enabled: true, intervalMs: 20_000, pongTimeoutMs: 5_000 },
          retryDelayMs: backOff,
          onOpen: () => useConnection.getState().setLive('open'),
          onClose: () => useConnection.getState().setLive('connecting'),
        })
  const http = httpBatchLink<AppRouter>({
    url: '/api/trpc',
    transformer: superjson,
    maxItems: 20,
    headers: () => {
      const named = organization()
      return named ? { 'x-millrace-organization': named } : {}
    },
    fetch: async (url, options) => {
      try {
        const response = await fetch(url, { ...options, credentials: 'same-origin' } as RequestInit)
        useConnection.getState().setUnreachable(false)
        return response
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'AbortError')) useConnection.getState().setUnreachable(true)
        throw error
      }
    },
  })
  const client = createTRPCClient<AppRouter>({
    links: [
      sessionLink,
      socket
        ? splitLink<AppRouter>({
            condition: (op) => op.type === 'subscription',
            true: wsLink({ client: socket, transformer: superjson }),
            false: http,
          })
        : http,
    ],
  })
  return { client, close: () => void socket?.close() }
}

/** Half a second, doubling to 15 s, with up to a third taken off at random so that browsers do not return together. */
export function backOff(attempt: number) {
  const full = Math.min(15_000, 500 * 2 ** attempt)
  return full - Math.random() * (full / 3)
}
