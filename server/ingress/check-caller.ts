import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { OpenCredential } from '@/server/net/credential'
import type { WebhookTrigger } from '@/server/services/webhooks/find-trigger'
import { isSigned } from './check-signature'

type Live = Pick<NonNullable<WebhookTrigger['live']>, 'auth' | 'signatureHeader'>

interface CheckedCaller {
  ok: boolean
  /** The header that proves who called, in lower case: it is not stored. */
  header: string | null
}

/** Whether the caller holds the secret of this webhook. Anything missing or odd is a no. */
export function checkCaller(
  { auth, signatureHeader }: Live,
  credential: Pick<OpenCredential, 'settings' | 'secret'> | null,
  headers: IncomingHttpHeaders,
  body: Uint8Array,
  now: Date,
): CheckedCaller {
  if (auth === 'none') return { ok: true, header: null }
  const { settings = {}, secret = {} } = credential ?? {}
  switch (auth) {
    case 'basic': {
      const { password = '' } = secret
      const wanted = `Basic ${Buffer.from(`${String(settings.username ?? '')}:${password}`).toString('base64')}`
      return { ok: password !== '' && same(wanted, one(headers.authorization)), header: null }
    }
    case 'header': {
      const header = String(settings.name ?? '')
        .trim()
        .toLowerCase()
      const { value = '' } = secret
      return { ok: header !== '' && value !== '' && same(value, one(headers[header])), header: header || null }
    }
    case 'hmac': {
      const header = signatureHeader.toLowerCase()
      return { ok: header !== '' && isHmac(secret.secret ?? '', one(headers[header]), body), header: header || null }
    }
    default:
      return { ok: isSigned(auth, secret.secret ?? secret.token ?? '', headers, body, now), header: null }
  }
}

/** HMAC-SHA256 of the body in hexadecimal or base64, bare or behind `sha256=`. */
function isHmac(secret: string, given: string, body: Uint8Array): boolean {
  if (secret === '') return false
  const bare = given.trim().replace(/^sha256=/i, '')
  const made = createHmac('sha256', secret).update(body).digest()
  return same(made.toString('hex'), bare.toLowerCase()) || same(made.toString('base64'), bare)
}

function same(wanted: string, given: string): boolean {
  const a = Buffer.from(wanted)
  const b = Buffer.from(given)
  return a.length === b.length && timingSafeEqual(a, b)
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
