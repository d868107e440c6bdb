import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import type { httpRespond } from './definition'

/** Set by the server alone: how the answer travels, and what would bind the browser for the whole origin. */
const managed = new Set([
  ...['connection', 'content-length', 'date', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade', 'x-request-id', 'x-millrace-run'],
  ...['set-cookie', 'clear-site-data', 'strict-transport-security', 'service-worker-allowed', 'alt-svc', 'nel', 'report-to'],
  ...['content-security-policy', 'content-security-policy-report-only', 'x-content-type-options', 'x-frame-options', 'permissions-policy'],
  ...['cross-origin-opener-policy', 'cross-origin-embedder-policy', 'reporting-endpoints', 'referrer-policy', 'origin-agent-cluster'],
])

/** The answer to the waiting caller; headers that the server sets itself are left out. */
export function responseOf(
  params: z.output<typeof httpRespond.params>,
  input: Json,
): { status: number; headers: Record<string, string>; body: Json } {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(params.headers)) {
    const key = name.trim().toLowerCase()
    if (value === null || managed.has(key) || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(key)) continue
    headers[key] = value.replace(/[\r\n\0]+/g, ' ')
  }
  const empty = params.body === undefined || params.body === ''
  return { status: params.status, headers, body: empty ? input : (params.body ?? null) }
}
