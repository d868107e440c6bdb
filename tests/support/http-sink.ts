import { appendFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export interface SinkRequest {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body: string
}

export interface HttpSink {
  /** `http://127.0.0.1:<port>` */
  url: string
  /** `127.0.0.1:<port>`, for allowed hosts. */
  host: string
  /** Everything that came in, oldest first. */
  requests: SinkRequest[]
  close(): Promise<void>
}

type Answer = (request: SinkRequest, response: ServerResponse) => void

/** Behaviour by path; the first part of the path chooses. */
const answers: Record<string, Answer> = {
  /** `/status/503?retry-after=2` */
  status: (request, response) => {
    const retryAfter = request.query['retry-after']
    if (retryAfter) response.setHeader('retry-after', retryAfter)
    send(response, Number(request.path.split('/')[2] ?? 200), { said: 'no' })
  },
  /** `/redirect?to=…&status=302` */
  redirect: (request, response) => {
    response.writeHead(Number(request.query.status ?? 302), { location: request.query.to ?? '/' })
    response.end()
  },
  loop: (_, response) => {
    response.writeHead(302, { location: '/loop-back' })
    response.end()
  },
  'loop-back': (_, response) => {
    response.writeHead(302, { location: '/loop' })
    response.end()
  },
  /** Never the same address twice. */
  deeper: (request, response) => {
    response.writeHead(302, { location: `/deeper/${Number(request.path.split('/')[2] ?? 0) + 1}` })
    response.end()
  },
  cookies: (_, response) => {
    response.setHeader('set-cookie', ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2'])
    response.end()
  },
  /** `/bytes/1000` */
  bytes: (request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.end('x'.repeat(Number(request.path.split('/')[2] ?? 0)))
  },
  endless: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', more)
    more()
  },
  /** 50 MB that travel as 50 KB. */
  bomb: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' })
    response.end(gzipSync(Buffer.alloc(50 * 1024 * 1024)))
  },
  /** `/type?is=application/json&body=<html>` */
  type: (request, response) => {
    response.writeHead(200, { 'content-type': request.query.is ?? 'text/plain' })
    response.end(request.query.body ?? '')
  },
  drop: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' })
    response.write('half')
    setImmediate(() => response.destroy())
  },
  refuse: (_, response) => {
    response.destroy()
  },
  /** Takes the request and never answers. */
  silent: () => {},
  /** Bytes that are no text. */
  binary: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/pdf' })
    response.end(Buffer.from([0x25, 0x50, 0x44, 0x46, 0xff, 0x00]))
  },
}

/** A server outside the system: echoes, misbehaves on request, and writes each request to `ledger` before it answers. */
export async function startHttpSink({
  ledger,
  port = 0,
  onRequest,
}: {
  ledger?: string
  port?: number
  onRequest?: Answer
} = {}): Promise<HttpSink> {
  const requests: SinkRequest[] = []
  const server = createServer(async (incoming, response) => {
    const request = await read(incoming)
    requests.push(request)
    if (ledger)
      appendFileSync(ledger, `${JSON.stringify({ at: Date.now(), key: request.headers['idempotency-key'] ?? null, ...request })}\n`)
    const answer = onRequest ?? answers[request.path.split('/')[1] ?? ''] ?? ((_, out) => send(out, 200, { ...request }))
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(incoming: IncomingMessage): Promise<SinkRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const url = new URL(incoming.url ?? '/', 'http://sink')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
