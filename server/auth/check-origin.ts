import { config } from '@/server/config'

/**
 * May a state-changing request with a session cookie be obeyed? Browsers send Origin with those; a foreign one is refused, and so is
 * one that the browser itself calls cross-site. Requests without either come from programs, which hold no cookie of a victim.
 */
export function isSameOrigin(headers: Headers): boolean {
  const origin = headers.get('origin')
  if (origin) return origin === new URL(config().url).origin || isThisHost(origin, headers.get('host'))
  const site = headers.get('sec-fetch-site')
  return site === null || site === 'same-origin' || site === 'none'
}

/** On a developer's machine the same server answers as localhost and 127.0.0.1. */
function isThisHost(origin: string, host: string | null): boolean {
  const { hostname, host: named } = URL.canParse(origin) ? new URL(origin) : { hostname: '', host: '' }
  return named === host && (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]')
}
