import { ServiceError } from '@/server/services/service-error'
import { forbiddenKeys, type Json } from '@/workflows/graph/schema'
import { readJsonBytes } from './read-body'

const forbidden = new Set<string>(forbiddenKeys)

/** The body as a workflow sees it: JSON as it is, forms as an object, text as text, files and anything else described with base64. */
export async function parseBody(bytes: Buffer, contentType: string | undefined): Promise<Json> {
  if (bytes.length === 0) return null
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json' || type.endsWith('+json')) return readJsonBytes(bytes)
  if (type === 'application/x-www-form-urlencoded') return readUrlEncoded(bytes)
  if (type === 'multipart/form-data') return readForm(bytes, contentType ?? '')
  if (type.startsWith('text/') || type === 'application/xml' || type.endsWith('+xml')) return textOf(bytes)
  if (type === '') {
    const text = tryText(bytes)
    if (text !== null) return text
  }
  return { contentType: type || 'application/octet-stream', bytes: bytes.length, base64: bytes.toString('base64') }
}

/** Counted before it is read: half a million fields keep the process busy for seconds. */
const mostFields = 10_000

function readUrlEncoded(bytes: Buffer): Json {
  let fields = 1
  for (const byte of bytes) if (byte === 0x26) fields += 1
  if (fields > mostFields) {
    throw new ServiceError('PAYLOAD_TOO_LARGE', `A form has at most ${mostFields} fields.`, {
      limit: mostFields,
      hint: 'Send a list as JSON.',
    })
  }
  return fromEntries(new URLSearchParams(textOf(bytes)).entries())
}

async function readForm(bytes: Buffer, contentType: string): Promise<Json> {
  let form: FormData
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
  } catch {
    throw new ServiceError('BAD_REQUEST', 'The multipart form cannot be read.', { hint: 'Check its boundary, and that it is complete.' })
  }
  const entries: [string, Json][] = []
  for (const [name, value] of form.entries()) {
    entries.push([
      name,
      typeof value === 'string'
        ? storable(value)
        : {
            fileName: storable(value.name),
            contentType: value.type,
            bytes: value.size,
            base64: Buffer.from(await value.arrayBuffer()).toString('base64'),
          },
    ])
  }
  return fromEntries(entries)
}

/** A name that stands twice becomes a list. */
export function fromEntries(entries: Iterable<[string, Json]>): { [key: string]: Json } {
  const found = new Map<string, Json[]>()
  for (const [name, value] of entries) {
    if (forbidden.has(name)) throw new ServiceError('BAD_REQUEST', `The name “${name}” is reserved.`, { pointer: `/${name}` })
    const key = storable(name)
    const values = found.get(key) ?? []
    // Pushed, not copied: a megabyte of one name is half a million values.
    values.push(typeof value === 'string' ? storable(value) : value)
    found.set(key, values)
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? (values[0] as Json) : values]))
}

function textOf(bytes: Buffer): string {
  const text = tryText(bytes)
  if (text !== null) return text
  throw new ServiceError('BAD_REQUEST', 'The body is not valid UTF-8 text.', {
    hint: 'Send it as application/octet-stream, or encode it as UTF-8.',
  })
}

function tryText(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\u0000') ? null : text
  } catch {
    return null
  }
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}
