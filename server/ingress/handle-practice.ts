import type { IncomingMessage, ServerResponse } from 'node:http'
import { config } from '@/server/config'
import { notFound } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'
import { answerPractice } from '@/workflows/templates/practice-endpoints'
import { readBody, readJsonBytes } from './read-body'

/** `/practice/…`: made-up services that the templates call. Nothing is stored or sent. */
export async function handlePractice(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  if (!config().practice) throw notFound('page')
  const bytes = await readBody(request, 64 * 1024)
  const isJson = request.headers['content-type']?.includes('json') ?? false
  const body: Json = bytes.length === 0 ? null : isJson ? readJsonBytes(bytes) : bytes.toString('utf8')
  const answer = answerPractice(request.method ?? 'GET', url.pathname, Object.fromEntries(url.searchParams), body)
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/json; charset=utf-8')
  if (answer.status === 204 || answer.status === 304) return void response.end()
  response.end(JSON.stringify(answer.body))
}
