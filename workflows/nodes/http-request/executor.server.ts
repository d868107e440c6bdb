import type { z } from 'zod'
import type { Json } from '../../graph/schema'
import { defineExecutor, type GuardedResponse } from '../define'
import { NodeError } from '../errors'
import { readJson } from '../read-json'
import { httpRequest } from './definition'
import { statusError } from './status-error'

type Params = z.output<typeof httpRequest.params>

export const runHttpRequest = defineExecutor(httpRequest, async ({ params, fetch, signal, stepKey, now }) => {
  const { body, contentType } = bodyOf(params)
  const headers: Record<string, string> = { accept: 'application/json, text/plain;q=0.9, */*;q=0.5' }
  if (contentType) headers['content-type'] = contentType
  if (params.method !== 'GET' && params.method !== 'HEAD') headers['idempotency-key'] = stepKey
  for (const [name, value] of Object.entries(params.headers)) {
    if (value !== null && name.trim() !== '') headers[name.trim().toLowerCase()] = value
  }
  const response = await fetch(urlOf(params), {
    method: params.method,
    headers,
    signal,
    redirect: params.followRedirects ? 'follow' : 'manual',
    ...(body === undefined ? {} : { body }),
    ...(params.credential ? { credential: params.credential } : {}),
  })
  const isRedirect = !params.followRedirects && response.status >= 300 && response.status < 400
  if (!response.ok && !isRedirect && !params.acceptAnyStatus) throw await statusError(response, now())
  return {
    port: 'main',
    output: { status: response.status, headers: response.headers, body: await readBody(response, params.acceptAnyStatus) },
  }
})

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
    if (value !== null && name.trim() !== '') url.searchParams.append(name.trim(), value)
  }
  return url.href
}

function bodyOf(params: Params): { body?: string; contentType?: string } {
  if (params.method === 'GET' || params.method === 'HEAD') return {}
  switch (params.bodyMode) {
    case 'none':
      return {}
    case 'fields':
      return {
        body: JSON.stringify(Object.fromEntries(params.bodyFields.map((field) => [field.name, field.value]))),
        contentType: 'application/json',
      }
    case 'json':
      return { body: jsonBody(params.bodyJson), contentType: 'application/json' }
    case 'form': {
      const form = new URLSearchParams()
      for (const { name, value } of params.bodyFields) form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
      return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' }
    }
    case 'text':
      return { body: params.bodyText, contentType: 'text/plain; charset=utf-8' }
  }
}

/** A text that is JSON already is sent as it is, so a body typed as text is not quoted twice. */
function jsonBody(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return readJson(value).ok ? value : JSON.stringify(value)
}

/** JSON as data, other text as text, anything else as base64; `tolerant` keeps broken JSON as text. */
async function readBody(response: GuardedResponse, tolerant: boolean): Promise<Json> {
  const type = (response.headers['content-type'] ?? '').toLowerCase()
  const bytes = await response.bytes()
  if (bytes.length === 0) return null
  const isJson = /[/+]json\b/.test(type)
  const isText = isJson || type === '' || /^text\/|[/+]xml\b|javascript|x-www-form-urlencoded|graphql|ndjson|yaml/.test(type)
  const text = isText ? decode(bytes, type) : null
  if (text === null) return { contentType: type, size: bytes.length, base64: Buffer.from(bytes).toString('base64') }
  if (!isJson && type !== '') return text
  const read = readJson(text)
  if (read.ok) return read.value
  if (!isJson || tolerant) return text
  throw new NodeError({
    class: 'bad_data',
    code: 'http.json',
    message: `The answer says it is JSON but cannot be read: ${read.message}`,
    hint: 'Look at what the service sends, or switch on "Accept any status" to get the answer as text.',
    details: text.slice(0, 1_000),
  })
}

function decode(bytes: Uint8Array, type: string): string | null {
  const charset = /charset="?([\w-]+)/.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: charset === 'utf-8' }).decode(bytes).replaceAll('\u0000', '\uFFFD')
  } catch {
    return null
  }
}
