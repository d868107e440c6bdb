import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import type { httpRespond } from './definition'

const managed = new Set(['connection', 'content-length', 'date', 'keep-alive', 'set-cookie', 'trailer', 'transfer-encoding', 'upgrade'])

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
