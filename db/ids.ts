/** Prefixes of ids as people, the API and the code see them. */
export const idPrefixes = [
  'org',
  'prj',
  'usr',
  'idn',
  'mem',
  'ses',
  'inv',
  'key',
  'env',
  'wf',
  'ver',
  'tag',
  'op',
  'run',
  'dl',
  'task',
  'sch',
  'hook',
  'cred',
  'var',
  'tpl',
  'price',
  'aud',
  'blob',
  'hold',
  'evt',
  'tst',
  'circ',
  'alert',
] as const
export type IdPrefix = (typeof idPrefixes)[number]

let lastMs = 0
let sequence = 0

/** A new id that sorts by time: UUIDv7 with a 12-bit counter within the millisecond. */
export function newId(prefix: IdPrefix, now = Date.now()): string {
  return fromUuid(prefix, newUuid(now))
}

export function newUuid(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  if (now > lastMs) {
    lastMs = now
    sequence = (((bytes[6] ?? 0) & 0x07) << 8) | (bytes[7] ?? 0)
  } else {
    sequence += 1
    if (sequence > 0xfff) {
      lastMs += 1
      sequence = 0
    }
  }
  const ms = lastMs
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(ms / 2 ** 32))
  view.setUint32(2, ms >>> 0)
  view.setUint16(6, 0x7000 | sequence)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export function fromUuid(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${uuid.replaceAll('-', '')}`
}

/** Throws RangeError when the text is no id of that kind. */
export function toUuid(id: string, prefix?: IdPrefix): string {
  const match = /^([a-z]+)_([0-9a-f]{32})$/.exec(id)
  if (!match || (prefix && match[1] !== prefix)) throw new RangeError(`not a ${prefix ?? 'Millrace'} id: ${id.slice(0, 60)}`)
  const hex = match[2] as string
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export function isId(id: string, prefix: IdPrefix): boolean {
  return new RegExp(`^${prefix}_[0-9a-f]{32}$`).test(id)
}
