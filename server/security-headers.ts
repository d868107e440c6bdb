import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Next takes the nonce of its own scripts from the policy on the request, the theme's script from here. */
export const nonceHeader = 'x-millrace-nonce'

/** On every answer; a page gets a policy that runs its own files and the inline start-up that carries this answer's nonce, nothing else. */
export function writeSecurityHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  { kind, dev, secure, url }: { kind: 'page' | 'asset' | 'other'; dev: boolean; secure: boolean; url: string },
): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=()')
  if (secure) response.setHeader('Strict-Transport-Security', 'max-age=31536000')
  if (kind !== 'page') return void response.setHeader('Content-Security-Policy', kind === 'asset' ? assetPolicy : strictest)
  const nonce = randomBytes(16).toString('base64')
  const policy = pagePolicy(nonce, url, dev)
  request.headers['content-security-policy'] = policy
  request.headers[nonceHeader] = nonce
  response.setHeader('Content-Security-Policy', policy)
}

const strictest = "default-src 'none'; frame-ancestors 'none'"

/** A worker lives under the policy of its own script, and loads the rest of itself. */
const assetPolicy = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"

function pagePolicy(nonce: string, url: string, dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // Live updates: not every browser takes 'self' for WebSockets.
    `connect-src 'self' ${url.replace(/^http/, 'ws')}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
