import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { defineExecutor, type GuardedResponse } from '../define'
import { NodeError } from '../errors'
import { createSizeMeter, sizeOf } from '../size-of'
import { httpRequest } from './definition'
import { firstPage, itemsOf, nextPage } from './next-page'
import { readBody } from './read-body.server'
import { requestBody } from './request-body.server'
import { statusError } from './status-error'

type Params = z.output<typeof httpRequest.params>
type Answer = { status: number; headers: Record<string, string>; body: Json }

export const runHttpRequest = defineExecutor(httpRequest, async ({ params, fetch, signal, stepKey, now }) => {
  const { body, contentType } = requestBody(params, stepKey)
  const headers: Record<string, string> = { accept: 'application/json, text/plain;q=0.9, */*;q=0.5' }
  if (contentType) headers['content-type'] = contentType
  if (params.method !== 'GET' && params.method !== 'HEAD') headers['idempotency-key'] = stepKey
  for (const [name, value] of Object.entries(params.headers)) {
    if (value !== null && name.trim() !== '') headers[name.trim().toLowerCase()] = value
  }
  // Only the boundary that the parts are written with can be read.
  if (params.bodyMode === 'multipart' && contentType && /^multipart\/form-data\b/i.test(headers['content-type'] ?? '')) {
    headers['content-type'] = contentType
  }
  const ask = async (url: string): Promise<Answer> => {
    const response = await fetch(url, {
      method: params.method,
      headers,
      signal,
      redirect: params.followRedirects ? 'follow' : 'manual',
      ...(body === undefined ? {} : { body }),
      ...(params.credential ? { credential: params.credential } : {}),
    })
    if (!isResult(response, params)) throw await statusError(response, now())
    return { status: response.status, headers: response.headers, body: await readBody(response, params.readAs, params.acceptAnyStatus) }
  }
  const url = urlOf(params)
  return { port: 'main', output: params.method === 'GET' && params.pages !== 'none' ? await allPages(url, params, ask) : await ask(url) }
})

function isResult(response: GuardedResponse, params: Params): boolean {
  const isRedirect = !params.followRedirects && response.status >= 300 && response.status < 400
  return response.ok || isRedirect || params.acceptAnyStatus
}

/** One page after the other; the items of all of them are the body. */
async function allPages(first: string, params: Params, ask: (url: string) => Promise<Answer>): Promise<Json> {
  const items: Json[] = []
  const asked = new Set<string>()
  const meter = createSizeMeter()
  let url: string | null = firstPage(first, params)
  let last: Answer | null = null
  while (url !== null && asked.size < params.pageLimit) {
    if (asked.has(url)) throw circle(url)
    asked.add(url)
    last = await ask(url)
    // With "Accept any status": what is no success has no items.
    const page: Json[] = last.status < 300 ? itemsOf(last.body, params) : []
    meter.add(sizeOf(page))
    for (const item of page) items.push(item)
    if (items.length > limits.listItems) throw tooMany()
    url = last.status < 300 ? nextPage(url, { ...last, items: page, soFar: items.length, asked: asked.size }, params) : null
  }
  return { status: last?.status ?? 0, headers: last?.headers ?? {}, body: items, pages: asked.size, more: url !== null }
}

function circle(url: string): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: 'http.pages_circle',
    message: `The page behind ${url.slice(0, 200)} is said to be that page again.`,
    hint: 'Look at how the service numbers its pages.',
    pointer: '/params/pages',
  })
}

function tooMany(): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: 'list.too_many',
    message: `All pages together have more than ${limits.listItems.toLocaleString('en')} items.`,
    hint: 'Ask for less by the query, or allow fewer pages and go on in a Repeat.',
    pointer: '/params/pageLimit',
  })
}

function urlOf(params: Params): string {
  let url: URL
  try {
    url = new URL(params.url)
  } catch {
    throw new NodeError({
      class: 'bad_data',
      code: 'http.url',
      message: `"${params.url.slice(0, 200)}" is not a URL.`,
      hint: 'A URL begins with https:// and a host, for example https://api.example.com/orders.',
      pointer: '/params/url',
    })
  }
  for (const [name, value] of Object.entries(params.query)) {
    if (name.trim() === '') continue
    for (const one of Array.isArray(value) ? value : [value]) if (one !== null) url.searchParams.append(name.trim(), one)
  }
  return url.href
}
