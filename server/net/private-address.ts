import { isIP } from 'node:net'

interface Range {
  bytes: readonly number[]
  bits: number
}

const blocked4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(toRange)

const global6 = toRange('2000::/3')
const nat64 = toRange('64:ff9b::/96')
const mapped = toRange('::ffff:0:0/96')
/** Parts of 2000::/3 that are tunnels, documentation or special; everything outside 2000::/3 is refused anyway. */
const blocked6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map(toRange)

/** True unless the address is one of the public internet; what is no address counts as private. */
export function isPrivateAddress(address: string): boolean {
  const bytes = toBytes(address)
  if (!bytes) return true
  if (bytes.length === 4) return blocked4.some((range) => isInside(bytes, range))
  if (isInside(bytes, mapped) || isInside(bytes, nat64)) {
    const inner = bytes.slice(12)
    return blocked4.some((range) => isInside(inner, range))
  }
  return !isInside(bytes, global6) || blocked6.some((range) => isInside(bytes, range))
}

function toRange(text: string): Range {
  const [address = '', bits = '0'] = text.split('/')
  return { bytes: toBytes(address) ?? [], bits: Number(bits) }
}

function isInside(bytes: readonly number[], range: Range): boolean {
  if (bytes.length !== range.bytes.length) return false
  for (let bit = 0; bit < range.bits; bit += 8) {
    const mask = range.bits - bit >= 8 ? 255 : (255 << (8 - (range.bits - bit))) & 255
    if (((bytes[bit / 8] ?? 0) & mask) !== ((range.bytes[bit / 8] ?? 0) & mask)) return false
  }
  return true
}

/** Four or sixteen numbers; null for what is not an address. A zone (`fe80::1%eth0`) is ignored. */
function toBytes(address: string): number[] | null {
  const plain = address.replace(/%.*$/, '')
  const family = isIP(plain)
  if (family === 4) return plain.split('.').map(Number)
  if (family !== 6) return null
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(plain)
  const text = dotted ? `${dotted[1]}${hexPair(dotted[2], dotted[3])}:${hexPair(dotted[4], dotted[5])}` : plain
  const [head = '', tail] = text.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill('0')
  return [...before, ...gap, ...after].flatMap((part) => {
    const value = Number.parseInt(part, 16)
    return [value >> 8, value & 255]
  })
}

function hexPair(high: string | undefined, low: string | undefined): string {
  return ((Number(high) << 8) | Number(low)).toString(16)
}
