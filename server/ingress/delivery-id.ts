import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '@/workflows/graph/schema'

const usual = ['webhook-id', 'x-github-delivery', 'idempotency-key', 'x-delivery-id'] as const

/** By what a repeated delivery is known: the chosen header, else the usual ones, else the id of a Stripe event. */
export function deliveryIdOf(headers: IncomingHttpHeaders, body: Json, chosen: string, auth: string): string | null {
  const read = (name: string) => {
    const value = headers[name.toLowerCase()]
    return ((Array.isArray(value) ? value[0] : value) ?? '').trim().slice(0, 500) || null
  }
  if (chosen !== '') return read(chosen)
  for (const name of usual) {
    const found = read(name)
    if (found) return found
  }
  if (auth === 'stripe' && typeof body === 'object' && body !== null && !Array.isArray(body) && typeof body.id === 'string')
    return body.id.slice(0, 500)
  return null
}
