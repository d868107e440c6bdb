import type { IncomingMessage, ServerResponse } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { ServiceError } from '@/server/services/service-error'

/** Throws unless the call comes from one of these addresses or networks; with none named, from anywhere. */
export function requireAddress(allowed: readonly string[], address: string | null): void {
  if (isAllowed(allowed, address)) return
  throw new ServiceError('FORBIDDEN', 'Calls of this webhook are taken from other addresses only.', {
    hint: 'Add the address of the caller to the webhook.',
  })
}

export function isAllowed(allowed: readonly string[], address: string | null): boolean {
  return allowed.length === 0 || isAmong(allowed, address)
}

function isAmong(allowed: readonly string[], address: string | null): boolean {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  const version = isIP(plain)
  if (version === 0) return false
  const list = new BlockList()
  for (const one of allowed) add(list, one)
  return list.check(plain, version === 6 ? 'ipv6' : 'ipv4')
}

/** What is no address allows nobody. */
function add(list: BlockList, text: string): void {
  const [net = '', bits] = text.split('/')
  const version = isIP(net)
  if (version === 0) return
  const family = version === 6 ? 'ipv6' : 'ipv4'
  if (bits === undefined) list.addAddress(net, family)
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32)) list.addSubnet(net, Number(bits), family)
}

/** Lets pages of these origins call; answers the question that a browser asks before, and then is done with it. */
export function answerOrigin(origins: readonly string[], request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers
  if (origins.length === 0 || !origin) return false
  const any = origins.includes('*')
  if (!any) response.setHeader('Vary', 'Origin')
  const allowed = any || origins.some((one) => one.replace(/\/+$/, '').toLowerCase() === origin.toLowerCase())
  if (allowed) {
    response.setHeader('Access-Control-Allow-Origin', any ? '*' : origin)
    response.setHeader('Access-Control-Expose-Headers', 'X-Millrace-Run')
  }
  const asked = request.headers['access-control-request-method']
  if (request.method !== 'OPTIONS' || !asked) return false
  if (allowed) {
    response.setHeader('Access-Control-Allow-Methods', asked)
    response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? 'content-type')
    response.setHeader('Access-Control-Max-Age', '600')
  }
  response.writeHead(204).end()
  return true
}
