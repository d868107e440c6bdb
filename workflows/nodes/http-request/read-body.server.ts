import type { Json } from '../../graph/schema'
import type { GuardedResponse } from '../define'
import { NodeError } from '../errors'
import { readJson } from '../read-json'

type ReadAs = 'auto' | 'json' | 'text' | 'file'

/** JSON as data, other text as text, anything else as base64, unless told what it is; `tolerant` keeps broken JSON as text. */
export async function readBody(response: GuardedResponse, as: ReadAs, tolerant: boolean): Promise<Json> {
  const type = (response.headers['content-type'] ?? '').toLowerCase()
  const bytes = await response.bytes()
  if (as === 'file') return asFile(bytes, type)
  if (bytes.length === 0) return null
  const isJson = as === 'json' || (as === 'auto' && /[/+]json(?![\w-])/.test(type))
  const isText =
    isJson ||
    as === 'text' ||
    type === '' ||
    /^text\/|[/+]xml\b|javascript|x-www-form-urlencoded|graphql|ndjson|jsonl|json-seq|yaml|[/+]csv\b|[/+]sql\b/.test(type)
  const text = isText ? decode(bytes, type, as !== 'auto') : null
  if (text === null) return asFile(bytes, type)
  if (as === 'text' || (!isJson && type !== '')) return text
  const read = readJson(text)
  if (read.ok) return read.value
  if (!isJson || tolerant) return text
  throw new NodeError({
    class: 'bad_data',
    code: 'http.json',
    message: `The answer cannot be read as JSON: ${read.message}`,
    hint: 'Look at what the service sends, or read the answer as text.',
    details: text.slice(0, 1_000),
  })
}

function asFile(bytes: Uint8Array, contentType: string): Json {
  return { contentType, size: bytes.length, base64: Buffer.from(bytes).toString('base64') }
}

/** Null where it is no text; `asked` takes it for one all the same, in the letters of Western Europe where it does not say. */
function decode(bytes: Uint8Array, type: string, asked: boolean): string | null {
  for (const charset of [charsetOf(bytes, type), ...(asked ? ['utf-8', 'windows-1252'] : [])]) {
    try {
      return new TextDecoder(charset, { fatal: /^utf-?8$/i.test(charset) }).decode(bytes).replaceAll('\u0000', '\uFFFD')
    } catch {
      // Bytes that this charset does not have, or a charset that nobody knows.
    }
  }
  return null
}

/** What the answer says, else its first bytes, else the page or document itself in its first lines. */
function charsetOf(bytes: Uint8Array, type: string): string {
  const said = /charset=["']?([\w.:-]+)/.exec(type)?.[1]
  if (said) return said
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const start = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1')
  const inside =
    /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)/i.exec(start) ??
    /<meta[^>]*\scharset\s*=\s*["']?([\w.:-]+)|<meta[^>]*charset=([\w.:-]+)/i.exec(start)
  const named = inside?.[1] ?? inside?.[2] ?? 'utf-8'
  // A document that can be read so far is not in UTF-16, whatever it says.
  return /^utf-16/i.test(named) ? 'utf-8' : named
}
