import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'

const pack = promisify(gzip)
/** Below this, packing costs more than the line. */
const worthPacking = 4_096

/**
 * Ends an answer with a body, packed where that is worth it and the other side takes it. Only what was read is packed: the answers of
 * changes may hold a key that is shown once.
 */
export async function sendBody(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
  response.setHeader('Vary', 'Accept-Encoding')
  const takes = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  if (request.method !== 'GET' || !takes || body.length < worthPacking) {
    response.end(body)
    return
  }
  const packed = await pack(body, { level: constants.Z_BEST_SPEED })
  response.setHeader('Content-Encoding', 'gzip')
  response.end(packed)
}
