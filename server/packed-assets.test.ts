import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPackedAssets } from './packed-assets'

let folder: string
let server: Server

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-packed-'))
  writeFileSync(path.join(folder, 'a1.js'), 'let a = 1')
  writeFileSync(path.join(folder, 'a1.js.br'), brotliCompressSync('let a = 1'))
  const serve = createPackedAssets(folder)
  server = createServer(async (incoming, response) => {
    if (!(await serve(incoming, response, incoming.url ?? ''))) response.writeHead(404).end('elsewhere')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

function get(url: string, encoding: string, method = 'GET') {
  const { port } = server.address() as AddressInfo
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const asked = request({ port, path: url, method, headers: { 'accept-encoding': encoding } }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('packed assets', () => {
  it('are served packed to a browser that takes them', async () => {
    const { headers, body } = await get('/_next/static/chunks/a1.js', 'gzip, br')
    expect(headers['content-encoding']).toBe('br')
    expect(headers['content-type']).toContain('javascript')
    expect(brotliDecompressSync(body).toString()).toBe('let a = 1')
  })

  it('send nothing but their head where only that was asked for', async () => {
    const { headers, body } = await get('/_next/static/chunks/a1.js', 'br', 'HEAD')
    expect(headers['content-encoding']).toBe('br')
    expect(body).toHaveLength(0)
  })

  it('are left to the pages where the browser does not take them', async () => {
    expect((await get('/_next/static/chunks/a1.js', 'gzip')).status).toBe(404)
  })

  it.each([
    '/_next/static/chunks/../a1.js',
    '/_next/static/chunks/%2e%2e/a1.js',
    '/_next/static/chunks/',
    '/a1.js',
    '/_next/static/chunks/b.js',
  ])('know no other path: %s', async (url) => {
    expect((await get(url, 'br')).status).toBe(404)
  })
})
