import http from 'node:http'

export interface LoadResult {
  connections: number
  seconds: number
  answered: number
  failed: number
  perSecond: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
}

/** Sends the same request over `connections` kept-alive connections for `seconds`; latencies in milliseconds. */
export async function load(options: {
  url: string
  method?: string
  headers?: Record<string, string>
  body?: () => string
  connections: number
  seconds: number
}): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: options.connections })
  const latencies: number[] = []
  let failed = 0
  const began = performance.now()
  const end = began + options.seconds * 1_000
  const lane = async () => {
    while (performance.now() < end) {
      const from = performance.now()
      const status = await send(agent, options).catch(() => 0)
      if (status >= 200 && status < 300) latencies.push(performance.now() - from)
      else failed += 1
    }
  }
  await Promise.all(Array.from({ length: options.connections }, lane))
  agent.destroy()
  const seconds = (performance.now() - began) / 1_000
  latencies.sort((a, b) => a - b)
  return {
    connections: options.connections,
    seconds,
    answered: latencies.length,
    failed,
    perSecond: latencies.length / seconds,
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
    p99Ms: quantile(latencies, 0.99),
  }
}

/** Of a sorted list; 0 for an empty one. */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}

function send(
  agent: http.Agent,
  options: { url: string; method?: string; headers?: Record<string, string>; body?: () => string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const body = options.body?.()
    const request = http.request(
      options.url,
      {
        agent,
        method: options.method ?? 'POST',
        headers: { 'content-type': 'application/json', ...(body ? { 'content-length': Buffer.byteLength(body) } : {}), ...options.headers },
      },
      (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode ?? 0))
        response.once('error', reject)
      },
    )
    request.once('error', reject)
    request.end(body)
  })
}
