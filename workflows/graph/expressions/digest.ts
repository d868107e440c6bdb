export type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha512'
export const algorithms: readonly Algorithm[] = ['md5', 'sha1', 'sha256', 'sha512']

/** A digest computed here, since the browser has none that answers at once. */
export function digest(algorithm: Algorithm, bytes: Uint8Array): Uint8Array {
  switch (algorithm) {
    case 'md5':
      return md5(bytes)
    case 'sha1':
      return sha1(bytes)
    case 'sha256':
      return sha256(bytes)
    case 'sha512':
      return sha512(bytes)
  }
}

export function hmac(algorithm: Algorithm, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const block = algorithm === 'sha512' ? 128 : 64
  const short = key.length > block ? digest(algorithm, key) : key
  const inner = new Uint8Array(block + bytes.length).fill(0x36, 0, block)
  const outer = new Uint8Array(block).fill(0x5c)
  for (let index = 0; index < short.length; index++) {
    inner[index] = (inner[index] ?? 0) ^ (short[index] ?? 0)
    outer[index] = (outer[index] ?? 0) ^ (short[index] ?? 0)
  }
  inner.set(bytes, block)
  const inside = digest(algorithm, inner)
  const all = new Uint8Array(block + inside.length)
  all.set(outer)
  all.set(inside, block)
  return digest(algorithm, all)
}

/** The message with its end mark and its length in bits, as whole blocks. */
function padded(bytes: Uint8Array, block: 64 | 128, littleEndian = false): DataView {
  const tail = block / 8
  const length = Math.ceil((bytes.length + 1 + tail) / block) * block
  const made = new Uint8Array(length)
  made.set(bytes)
  made[bytes.length] = 0x80
  const view = new DataView(made.buffer)
  const high = Math.floor(bytes.length / 0x20000000)
  const low = (bytes.length << 3) >>> 0
  view.setUint32(length - (littleEndian ? 4 : 8), high, littleEndian)
  view.setUint32(length - (littleEndian ? 8 : 4), low, littleEndian)
  return view
}

function bytesOf(words: Uint32Array, littleEndian = false): Uint8Array {
  const made = new Uint8Array(words.length * 4)
  const view = new DataView(made.buffer)
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word, littleEndian)
  return made
}

const left = (word: number, by: number) => (word << by) | (word >>> (32 - by))
const right = (word: number, by: number) => (word >>> by) | (word << (32 - by))

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const sines = Int32Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 0x100000000))

function md5(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 64, true)
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a, b, c, d] = state as unknown as [number, number, number, number]
    for (let index = 0; index < 64; index++) {
      const round = index >> 4
      const mix = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d)
      const word = round === 0 ? index : round === 1 ? 5 * index + 1 : round === 2 ? 3 * index + 5 : 7 * index
      const sum = (a + mix + (sines[index] ?? 0) + view.getInt32(at + (word & 15) * 4, true)) | 0
      a = d
      d = c
      c = b
      b = (b + left(sum, shifts[round * 4 + (index & 3)] ?? 0)) | 0
    }
    add(state, [a, b, c, d])
  }
  return bytesOf(state, true)
}

function sha1(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 64)
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0)
  const words = new Int32Array(80)
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let index = 0; index < 16; index++) words[index] = view.getInt32(at + index * 4)
    for (let index = 16; index < 80; index++) {
      words[index] = left(word(words, index - 3) ^ word(words, index - 8) ^ word(words, index - 14) ^ word(words, index - 16), 1)
    }
    let [a, b, c, d, e] = state as unknown as [number, number, number, number, number]
    for (let index = 0; index < 80; index++) {
      const [mix, constant] =
        index < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : index < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : index < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6]
      const next = (left(a, 5) + mix + e + constant + word(words, index)) | 0
      e = d
      d = c
      c = left(b, 30)
      b = a
      a = next
    }
    add(state, [a, b, c, d, e])
  }
  return bytesOf(state)
}

function word(words: Int32Array, index: number): number {
  return words[index] ?? 0
}

function add(state: Uint32Array, values: readonly number[]): void {
  for (const [index, value] of values.entries()) state[index] = ((state[index] ?? 0) + value) >>> 0
}

const primes = primesUpTo(409)
/** The first 64 bits of the fraction of a root, told with whole numbers alone. */
const squareRoots = primes.slice(0, 8).map((prime) => fractionOf(prime, 2n))
const cubeRoots = primes.map((prime) => fractionOf(prime, 3n))
const mask = (1n << 64n) - 1n

function primesUpTo(end: number): number[] {
  const found: number[] = []
  for (let number = 2; number <= end; number++) if (found.every((prime) => number % prime !== 0)) found.push(number)
  return found
}

function fractionOf(prime: number, degree: bigint): bigint {
  const wanted = BigInt(prime) << (64n * degree)
  let low = 0n
  let high = 1n << 72n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** degree <= wanted) low = middle
    else high = middle
  }
  return low & ((1n << 64n) - 1n)
}

const high32 = (value: bigint) => Number(value >> 32n)
const first256 = Uint32Array.from(squareRoots, high32)
const rounds256 = Int32Array.from(cubeRoots.slice(0, 64), (value) => high32(value) | 0)

function sha256(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 64)
  const state = Uint32Array.from(first256)
  const words = new Int32Array(64)
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let index = 0; index < 16; index++) words[index] = view.getInt32(at + index * 4)
    for (let index = 16; index < 64; index++) {
      const x = word(words, index - 15)
      const y = word(words, index - 2)
      const small = right(x, 7) ^ right(x, 18) ^ (x >>> 3)
      const large = right(y, 17) ^ right(y, 19) ^ (y >>> 10)
      words[index] = word(words, index - 16) + small + word(words, index - 7) + large
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
    for (let index = 0; index < 64; index++) {
      const up = right(e, 6) ^ right(e, 11) ^ right(e, 25)
      const one = (h + up + ((e & f) ^ (~e & g)) + word(rounds256, index) + word(words, index)) | 0
      const down = right(a, 2) ^ right(a, 13) ^ right(a, 22)
      const two = (down + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    add(state, [a, b, c, d, e, f, g, h])
  }
  return bytesOf(state)
}

function sha512(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 128)
  const state = [...squareRoots]
  const words: bigint[] = []
  const turn = (value: bigint, by: bigint) => ((value >> by) | (value << (64n - by))) & mask
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let index = 0; index < 16; index++) words[index] = view.getBigUint64(at + index * 8)
    for (let index = 16; index < 80; index++) {
      const x = words[index - 15] ?? 0n
      const y = words[index - 2] ?? 0n
      const small = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)
      const large = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n)
      words[index] = ((words[index - 16] ?? 0n) + small + (words[index - 7] ?? 0n) + large) & mask
    }
    let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
    for (let index = 0; index < 80; index++) {
      const up = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)
      const one = h + up + ((e & f) ^ (~e & mask & g)) + (cubeRoots[index] ?? 0n) + (words[index] ?? 0n)
      const down = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)
      const two = down + ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = (d + one) & mask
      d = c
      c = b
      b = a
      a = (one + two) & mask
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] = ((state[index] ?? 0n) + value) & mask
  }
  const made = new DataView(new ArrayBuffer(64))
  for (const [index, value] of state.entries()) made.setBigUint64(index * 8, value)
  return new Uint8Array(made.buffer)
}
