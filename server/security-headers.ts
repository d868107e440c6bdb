import type { ServerResponse } from 'node:http'

/** On every answer; pages of the app get a policy that lets Next's own inline start-up run, and nothing from elsewhere. */
export function writeSecurityHeaders(
  response: ServerResponse,
  { page, dev, secure }: { page: boolean; dev: boolean; secure: boolean },
): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=()')
  if (secure) response.setHeader('Strict-Transport-Security', 'max-age=31536000')
  response.setHeader('Content-Security-Policy', page ? pagePolicy(dev) : "default-src 'none'; frame-ancestors 'none'")
}

function pagePolicy(dev: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
