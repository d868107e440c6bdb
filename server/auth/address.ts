import { isIPv6 } from 'node:net'

/** One key for what one household or server has: an IPv6 /64, an IPv4 address whole. */
export function addressBlock(address: string | null): string {
  if (!address) return 'unknown'
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const groups = tail === undefined ? front : [...front, ...Array(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** The caller's address as the web process noted it; it overwrites whatever the caller sent under this name. */
export const addressHeader = 'x-millrace-address'

export function addressOf(headers: Headers): string | null {
  return headers.get(addressHeader)?.trim().slice(0, 64) || null
}
