import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'

const prefix = '/_next/static/chunks/'
const types: Record<string, string> = { '.js': 'application/javascript; charset=UTF-8', '.css': 'text/css; charset=UTF-8' }

/**
 * Scripts and styles that the build has packed with Brotli, served as they lie there: a tenth smaller than what is packed on the way, and
 * no work. Answers false where there is none, or the browser does not take it.
 */
export function createPackedAssets(folder = path.join(process.cwd(), '.next', 'static', 'chunks')) {
  // Only names that were found can be asked for, so that no path leads elsewhere.
  const sizes = new Map<string, number>()
  if (existsSync(folder))
    for (const name of readdirSync(folder)) if (name.endsWith('.br')) sizes.set(name.slice(0, -3), statSync(path.join(folder, name)).size)
  return async function serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> {
    const name = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : ''
    const size = sizes.get(name)
    const type = types[path.extname(name)]
    if (size === undefined || !type || (request.method !== 'GET' && request.method !== 'HEAD')) return false
    if (!/\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''))) return false
    response.setHeader('Content-Type', type)
    response.setHeader('Content-Encoding', 'br')
    response.setHeader('Content-Length', size)
    response.setHeader('Vary', 'Accept-Encoding')
    // The name holds a hash of what is inside.
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
    if (request.method === 'HEAD') response.end()
    else await pipeline(createReadStream(path.join(folder, `${name}.br`)), response).catch(() => response.destroy())
    return true
  }
}
