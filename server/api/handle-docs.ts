import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { notFound } from '@/server/services/service-error'
import { openApiDocument } from './openapi'

const types: Record<string, string> = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.png': 'image/png' }
const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Millrace API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"><link rel="icon" href="/api/docs/favicon-32x32.png"></head>
<body><div id="explorer"></div><script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body>
</html>
`
const start = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#explorer', deepLinking: true, persistAuthorization: false, docExpansion: 'list', defaultModelsExpandDepth: -1 })
`

/** The document and its explorer, from files of this instance only. */
export async function handleDocs(response: ServerResponse, pathname: string): Promise<void> {
  if (pathname === '/api/openapi.json') return send(response, 'application/json; charset=utf-8', JSON.stringify(openApiDocument()))
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  if (pathname === '/api/docs' || pathname === '/api/docs/') return send(response, 'text/html; charset=utf-8', page)
  if (pathname === '/api/docs/start.js') return send(response, types['.js'] as string, start)
  const name = pathname.slice('/api/docs/'.length)
  if (!assets.includes(name)) throw notFound('page')
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  response.setHeader('Cache-Control', 'public, max-age=86400')
  send(response, types[path.extname(name)] ?? 'application/octet-stream', await readFile(path.join(folder, name)))
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.statusCode = 200
  response.setHeader('Content-Type', type)
  response.end(body)
}
