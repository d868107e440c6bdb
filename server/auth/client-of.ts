import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

export interface Client {
  /** The caller's own address, as far as those on the way may be believed. */
  address: string | null
  /** Whether the caller came over https, by the word of a trusted proxy. */
  secure: boolean
  /** Somebody stands between: the connection says nothing about where the caller is. */
  forwarded: boolean
  /** Whether what was forwarded may be believed. */
  believed: boolean
}

export const forwarding = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'forwarded',
] as const

/**
 * Who calls. Only what a trusted proxy added is believed: `X-Forwarded-For` is read from its end, past trusted proxies, to the first address
 * that is none.
 */
export function clientOf(request: Pick<IncomingMessage, 'headers' | 'socket'>, trusted: BlockList): Client {
  const { headers } = request
  const forwarded = forwarding.some((name) => headers[name] !== undefined)
  const peer = plainAddress(request.socket.remoteAddress ?? '')
  if (!peer || !isIn(trusted, peer)) return { address: peer, secure: false, forwarded, believed: false }
  let address = peer
  for (const hop of listOf(headers, 'x-forwarded-for').reverse()) {
    const next = plainAddress(hop)
    if (!next) break
    address = next
    if (!isIn(trusted, next)) break
  }
  return { address, secure: listOf(headers, 'x-forwarded-proto').at(-1)?.toLowerCase() === 'https', forwarded, believed: true }
}

/** Addresses and CIDR ranges, separated by commas. Throws with the part that is neither. */
export function readProxies(text: string): BlockList {
  const list = new BlockList()
  for (const part of text.split(',').map((one) => one.trim())) {
    if (!part) continue
    const [address = '', bits, ...rest] = part.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    const most = family === 'ipv6' ? 128 : 32
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
    if (!isIP(address) || rest.length > 0 || !(prefix >= 0 && prefix <= most))
      throw new Error(`"${part}" is neither an address nor a CIDR range`)
    list.addSubnet(address, prefix, family)
  }
  return list
}

export function isLoopback(address: string | null): boolean {
  return address !== null && isIn(loopback, address)
}

const loopback = readProxies('127.0.0.0/8, ::1')

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

function listOf(headers: IncomingHttpHeaders, name: string): string[] {
  const value = headers[name]
  return (Array.isArray(value) ? value.join(',') : (value ?? ''))
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}

/** Without port, brackets, zone and the IPv4-in-IPv6 prefix; null when it is no address. */
function plainAddress(given: string): string | null {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(given)?.[1] ?? /^([\d.]+):\d+$/.exec(given)?.[1] ?? given
  const plain = bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
  return isIP(plain) ? plain : null
}
