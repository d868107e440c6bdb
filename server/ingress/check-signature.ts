import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export type SignatureStyle = 'bearer' | 'standard-webhooks' | 'github' | 'stripe'
/** How far a signed time may be from now. */
const toleranceMs = 5 * 60_000

/** Whether the caller holds the secret, checked on the raw bytes. Anything missing, odd or late is a no. */
export function isSigned(style: SignatureStyle, secret: string, headers: IncomingHttpHeaders, body: Uint8Array, now: Date): boolean {
  if (secret === '') return false
  switch (style) {
    case 'bearer':
      return same(`Bearer ${secret}`, one(headers.authorization))
    case 'github':
      return same(`sha256=${hmac(secret, body, 'hex')}`, one(headers['x-hub-signature-256']))
    case 'standard-webhooks':
      return isStandard(secret, headers, body, now)
    case 'stripe':
      return isStripe(secret, one(headers['stripe-signature']), body, now)
  }
}

/** standardwebhooks.com: `v1,<base64>` of `id.timestamp.body`, several parted by spaces; the secret is base64 behind `whsec_`. */
function isStandard(secret: string, headers: IncomingHttpHeaders, body: Uint8Array, now: Date): boolean {
  const id = one(headers['webhook-id'])
  const timestamp = one(headers['webhook-timestamp'])
  if (id === '' || !isRecent(timestamp, now)) return false
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
  const wanted = `v1,${hmac(key, Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]), 'base64')}`
  return one(headers['webhook-signature'])
    .split(' ')
    .some((given) => same(wanted, given))
}

/** `t=<seconds>,v1=<hex>[,v1=…]` of `t.body`. */
function isStripe(secret: string, header: string, body: Uint8Array, now: Date): boolean {
  const parts = header.split(',').map((part) => part.split('=', 2) as [string, string | undefined])
  const timestamp = parts.find(([name]) => name.trim() === 't')?.[1] ?? ''
  if (!isRecent(timestamp, now)) return false
  const wanted = hmac(secret, Buffer.concat([Buffer.from(`${timestamp}.`), body]), 'hex')
  return parts.some(([name, value]) => name.trim() === 'v1' && same(wanted, value ?? ''))
}

function isRecent(seconds: string, now: Date): boolean {
  return /^\d{1,12}$/.test(seconds) && Math.abs(Number(seconds) * 1000 - now.getTime()) <= toleranceMs
}

function hmac(key: string | Buffer, body: Uint8Array, encoding: 'hex' | 'base64'): string {
  return createHmac('sha256', key).update(body).digest(encoding)
}

function same(wanted: string, given: string): boolean {
  const a = Buffer.from(wanted)
  const b = Buffer.from(given)
  return a.length === b.length && timingSafeEqual(a, b)
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
