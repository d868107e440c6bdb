import { config } from '@/server/config'

/** Browsers take `__Host-` only over https; on http://localhost the plain name is used. */
export function sessionCookie(): { name: string; secure: boolean } {
  const secure = config().url.startsWith('https://')
  return { name: secure ? '__Host-millrace.session' : 'millrace.session', secure }
}

export const sessionSeconds = 30 * 24 * 60 * 60

/** The session's token from the cookie header, or null. */
export function readSessionToken(headers: Headers): string | null {
  const { name } = sessionCookie()
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) {
      const value = part.slice(at + 1).trim()
      return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null
    }
  }
  return null
}
