import { toText } from '../conversions'
import { type Algorithm, algorithms, digest, hmac } from '../digest'
import { type Call, methodsOf } from './define'

const method = methodsOf<string>('text')
const global = methodsOf<undefined>('global')

export const encodingFunctions = [
  method('base64Encode()', 'As Base64 of its UTF-8 bytes.', "'Grüße'.base64Encode()", 'R3LDvMOfZQ==', (call, text) => encode(call, text)),
  method('base64Decode()', 'What Base64, plain or for addresses, says as text.', "'R3LDvMOfZQ=='.base64Decode()", 'Grüße', (call, text) => {
    call.makeText(text.length)
    const bytes = bytesFrom(text)
    return bytes ? decodeUtf8(call, bytes) : call.fail('text', 'This text is not Base64.')
  }),
  method(
    'hash(algorithm?, encoding?)',
    'Its digest: md5, sha1, sha256 or sha512, as hex or base64.',
    "'abc'.hash('md5')",
    '900150983cd24fb0d6963f7d28e17f72',
    (call, text) => written(call, digest(algorithmOf(call, 0, text.length), utf8(text)), 1),
  ),
  method(
    'hmac(key, algorithm?, encoding?)',
    'Its signature with a key; sha256 and hex unless told.',
    "'abc'.hmac('key', 'sha1')",
    '4fd0b215276ef12f2b3e4c8ecac2811498b656fc',
    (call, text) => written(call, hmac(algorithmOf(call, 1, text.length + call.text(0).length), utf8(call.text(0)), utf8(text)), 2),
  ),
  global(
    'hash(value, algorithm?, encoding?)',
    'The digest of a text, or of the JSON of another value; sha256 and hex unless told.',
    "hash('abc').slice(0, 8)",
    'ba7816bf',
    (call) => {
      const text = toText(call.value(0), call.meter)
      return written(call, digest(algorithmOf(call, 1, text.length), utf8(text)), 2)
    },
  ),
  global('btoa(text)', 'Base64 of a text of plain Latin letters; `base64Encode` takes all.', "btoa('abc')", 'YWJj', (call) => {
    const text = toText(call.value(0), call.meter)
    call.makeText(text.length * 2)
    return attempt(call, () => btoa(text))
  }),
  global('atob(text)', 'What Base64 says, one character for each byte.', "atob('YWJj')", 'abc', (call) => {
    const text = toText(call.value(0), call.meter)
    call.makeText(text.length)
    return attempt(call, () => atob(text))
  }),
  global('encodeURIComponent(text)', 'Text that may stand in an address.', "encodeURIComponent('a b&c')", 'a%20b%26c', (call) => {
    const text = toText(call.value(0), call.meter)
    call.makeText(text.length * 9)
    return attempt(call, () => encodeURIComponent(text))
  }),
  global('decodeURIComponent(text)', 'What an encoded address part says.', "decodeURIComponent('a%20b')", 'a b', (call) => {
    const text = toText(call.value(0), call.meter)
    call.makeText(text.length)
    return attempt(call, () => decodeURIComponent(text))
  }),
  global(
    'encodeURI(text)',
    'An address with its spaces and letters encoded.',
    "encodeURI('https://example.com/a b?c=ü')",
    'https://example.com/a%20b?c=%C3%BC',
    (call) => {
      const text = toText(call.value(0), call.meter)
      call.makeText(text.length * 9)
      return attempt(call, () => encodeURI(text))
    },
  ),
  global(
    'decodeURI(text)',
    'An encoded address as people read it.',
    "decodeURI('https://example.com/a%20b')",
    'https://example.com/a b',
    (call) => {
      const text = toText(call.value(0), call.meter)
      call.makeText(text.length)
      return attempt(call, () => decodeURI(text))
    },
  ),
]

export function attempt(call: Call, make: () => string): string {
  try {
    return make()
  } catch {
    return call.fail('text', 'This text cannot be encoded or decoded: it holds a broken character.')
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function decodeUtf8(call: Call, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return call.fail('text', 'What this Base64 says is no text: it holds bytes of something else.')
  }
}

function encode(call: Call, text: string): string {
  call.makeText(text.length * 4)
  return base64Of(utf8(text))
}

function base64Of(bytes: Uint8Array): string {
  let binary = ''
  for (let from = 0; from < bytes.length; from += 8_192) binary += String.fromCharCode(...bytes.subarray(from, from + 8_192))
  return btoa(binary)
}

function bytesFrom(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}

function algorithmOf(call: Call, index: number, length: number): Algorithm {
  const name = call.text(index, 'sha256').toLowerCase().replace('-', '')
  const found = algorithms.find((algorithm) => algorithm === name)
  if (!found) return call.fail('type', `There is no digest \`${name.slice(0, 40)}\`. Use ${algorithms.join(', ')}.`)
  call.meter.spend(1_000 + length * (found === 'sha512' ? 48 : 6))
  return found
}

function written(call: Call, bytes: Uint8Array, index: number): string {
  const encoding = call.text(index, 'hex')
  if (encoding === 'hex') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (encoding === 'base64') return base64Of(bytes)
  if (encoding === 'base64url') return base64Of(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return call.fail('type', `There is no encoding \`${encoding.slice(0, 40)}\`. Use hex, base64 or base64url.`)
}
