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
  const isJson = as === 'json' || (as === 'auto' && /[/+]json\b/.test(type))
  const isText =
    isJson || as === 'text' || type === '' || /^text\/|[/+]xml\b|javascript|x-www-form-urlencoded|graphql|ndjson|yaml/.test(type)
  const text = isText ? decode(bytes, type) : null
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

function decode(bytes: Uint8Array, type: string): string | null {
  const charset = /charset="?([\w-]+)/.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: charset === 'utf-8' }).decode(bytes).replaceAll('\u0000', '\uFFFD')
  } catch {
    return null
  }
}
