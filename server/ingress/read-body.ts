import type { IncomingMessage } from 'node:http'
import { ServiceError } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'
import { parseJson } from './parse-json'

/** The body's bytes; refused as soon as more came in than allowed, or as `Content-Length` says so. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const said = Number(request.headers['content-length'] ?? 0)
  if (said > maxBytes) throw tooLarge(maxBytes)
  if (request.headers['content-encoding'] && request.headers['content-encoding'] !== 'identity') {
    throw new ServiceError('BAD_REQUEST', 'Compressed bodies are not taken.', { hint: 'Send it without Content-Encoding.' })
  }
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop must not end the connection: the refusal goes out over it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export function readJsonBytes(bytes: Uint8Array, maxDepth?: number): Json {
  const parsed = parseJson(bytes, maxDepth)
  if (parsed.ok) return parsed.value
  throw new ServiceError('BAD_REQUEST', `The JSON cannot be taken: ${parsed.message}`, {
    pointer: parsed.pointer,
    hint: 'Correct it at that place and send it again.',
  })
}

function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError('PAYLOAD_TOO_LARGE', `The body is larger than ${Math.round(maxBytes / 1024)} KB.`, {
    limit: maxBytes,
    hint: 'Send less, or send an address instead of the content.',
  })
}
