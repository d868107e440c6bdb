import { createHash } from 'node:crypto'
import { fromUuid, type IdPrefix, toUuid } from '@/db/ids'

/** The same id for the same origin and parts, whoever makes it and how often; a UUIDv7 with the origin's time, so in its month. */
export function derivedId(prefix: IdPrefix, origin: string, ...parts: (string | number)[]): string {
  const from = toUuid(origin).replaceAll('-', '')
  const bytes = createHash('sha256')
    .update(JSON.stringify([from, ...parts]))
    .digest()
    .subarray(0, 16)
  bytes.write(from.slice(0, 12), 0, 'hex')
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return fromUuid(prefix, `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`)
}
