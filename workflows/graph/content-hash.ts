import type { Json } from './schema'

/** SHA-256 in hex of a JSON value, equal for equal values whatever the order of their keys. Synchronous, the same everywhere. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value as Json))
}

/** JSON with sorted keys and without what is undefined. */
export function canonicalJson(value: Json | undefined): string {
  if (value === undefined) return 'null'
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const parts: string[] = []
  for (const key of Object.keys(value).sort()) {
    const child = value[key]
    if (child !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(child)}`)
  }
  return `{${parts.join(',')}}`
}

const pieceLength = 65_536

/** The same in pieces, for values that are too large to be held as text as well. */
export function writeCanonicalJson(value: Json, take: (piece: string) => void): void {
  let text = ''
  const write = (one: Json | undefined): void => {
    if (typeof one === 'string') writeText(one)
    else if (typeof one !== 'object' || one === null) text += one === undefined ? 'null' : (JSON.stringify(one) ?? 'null')
    else if (Array.isArray(one)) {
      text += '['
      for (let at = 0; at < one.length; at++) {
        if (at > 0) text += ','
        write(one[at])
      }
      text += ']'
    } else {
      let separator = '{'
      for (const key of Object.keys(one).sort()) {
        const child = one[key]
        if (child === undefined) continue
        text += `${separator}${JSON.stringify(key)}:`
        separator = ','
        write(child)
      }
      text += separator === '{' ? '{}' : '}'
    }
    if (text.length > pieceLength) drain()
  }
  const writeText = (one: string): void => {
    if (one.length <= pieceLength) {
      text += JSON.stringify(one)
      return
    }
    text += '"'
    for (let at = 0; at < one.length; ) {
      let end = Math.min(at + pieceLength, one.length)
      // Halves of a pair are written otherwise than the pair.
      if (end < one.length && isHighSurrogate(one.charCodeAt(end - 1))) end += 1
      text += JSON.stringify(one.slice(at, end)).slice(1, -1)
      drain()
      at = end
    }
    text += '"'
  }
  const drain = () => {
    take(text)
    text = ''
  }
  write(value)
  drain()
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

/** FIPS 180-4: the fractional parts of the cube roots of the first 64 primes, and of the square roots of the first 8. */
const { rounds, start } = constants()

function sha256(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000))
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0)

  const state = Uint32Array.from(start)
  const words = new Uint32Array(64)
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(block + i * 4)
    for (let i = 16; i < 64; i++) {
      const a = words[i - 15] as number
      const b = words[i - 2] as number
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)
      const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)
      words[i] = (words[i - 16] as number) + s0 + (words[i - 7] as number) + s1
    }
    mix(state, words)
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('')
}

function mix(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[i] as number) + (words[i] as number)) | 0
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + value
}

function turn(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by))
}

function constants(): { rounds: Uint32Array; start: Uint32Array } {
  const rounds: number[] = []
  const start: number[] = []
  for (let candidate = 2; rounds.length < 64; candidate++) {
    let prime = true
    for (let factor = 2; factor * factor <= candidate; factor++) if (candidate % factor === 0) prime = false
    if (!prime) continue
    if (start.length < 8) start.push((candidate ** (1 / 2) * 2 ** 32) | 0)
    rounds.push((candidate ** (1 / 3) * 2 ** 32) | 0)
  }
  return { rounds: Uint32Array.from(rounds), start: Uint32Array.from(start) }
}
