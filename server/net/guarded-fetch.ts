import { isIP } from 'node:net'
import { Agent, type Response, fetch as send } from 'undici'
import type { Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import type { GuardedFetch, GuardedResponse } from '@/workflows/nodes/define'
import { NodeError } from '@/workflows/nodes/errors'
import { readJson } from '@/workflows/nodes/read-json'
import { createCheckedLookup, type Lookup, lookupAll, privateHost } from './checked-lookup'
import { checkCredential, injectCredential, type OpenCredential, type ResolveCredential } from './credential'
import { hostMatches } from './host-pattern'
import { netError } from './net-error'
import { isPrivateAddress } from './private-address'
import { createRedactor, type Redactor } from './redactor'

export interface GuardedFetchOptions {
  /** Whose door it is: connections are kept and counted for each owner apart. */
  owner?: string
  /** Hosts that may be private because the operator named them, e.g. `127.0.0.1:4010`. */
  allowedHosts?: readonly string[]
  /** This instance's own address: only what lies under `/practice/` may be called there. */
  ownUrl?: string
  resolveCredential?: ResolveCredential
  lookup?: Lookup
  /** Milliseconds for everything, redirects and body included. */
  timeoutMs?: number
}

/** The one door out; it remembers the secrets it sent, so that whoever records what came back can redact them. */
export type GuardedDoor = GuardedFetch & {
  redactText(text: string): string
  redactJson(value: Json): Json
  /** Ends the connections of a door that has a lookup of its own; the others share theirs. */
  close(): Promise<void>
}

type Init = NonNullable<Parameters<GuardedFetch>[1]>

/** Set by the connection itself; given by people they would only do harm. */
const managedHeaders = new Set(['connection', 'content-length', 'expect', 'host', 'keep-alive', 'te', 'transfer-encoding', 'upgrade'])
const dropped = new Set(['authorization', 'cookie', 'proxy-authorization'])

export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedDoor {
  const { strict, trusting } = options.lookup ? createAgents(options.lookup) : agentsOf(options.owner ?? '')
  const secrets = new Set<string>()
  let made: { size: number; redactor: Redactor } | null = null
  const redactor = (): Redactor => {
    if (made?.size !== secrets.size) made = { size: secrets.size, redactor: createRedactor(secrets) }
    return made.redactor
  }

  const door = async (target: string, init: Init = {}): Promise<GuardedResponse> => {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? 10 * 60_000)
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline
    let url = parseUrl(target)
    let { method = 'GET', body } = init
    let headers = cleanHeaders(init.headers ?? {})
    let credential = init.credential ? await open(init.credential) : null
    const visited = new Set<string>()
    try {
      for (let hops = 0; ; hops++) {
        const trusted = checkUrl(url)
        const sent = { ...headers }
        const sentUrl = new URL(url)
        if (credential) {
          checkCredential(credential, url, { trusted })
          for (const secret of injectCredential(credential, sentUrl, sent)) secrets.add(secret)
        }
        const response = await send(sentUrl, {
          method,
          headers: sent,
          ...(body === undefined ? {} : { body }),
          redirect: 'manual',
          signal,
          dispatcher: trusted ? trusting : strict,
        })
        const location = response.headers.get('location')
        if (!isRedirect(response.status) || location === null || init.redirect === 'manual') {
          return wrap(response, url, init.maxBytes ?? limits.httpResponseBytes, signal)
        }
        await response.body?.cancel()
        const next = parseUrl(location, url)
        visited.add(`${method} ${url.href}`)
        if (hops >= limits.httpRedirects || visited.has(`${method} ${next.href}`)) throw tooManyRedirects(url)
        if (response.status === 303 ? method !== 'HEAD' : response.status < 303 && method === 'POST') {
          method = 'GET'
          body = undefined
          headers = without(headers, (name) => name.startsWith('content-'))
        }
        if (next.origin !== url.origin) {
          credential = null
          headers = without(headers, (name) => dropped.has(name) || /key|token|secret|auth/.test(name))
        }
        url = next
      }
    } catch (error) {
      throw redacted(netError(error, url, signal))
    }
  }

  /** True for hosts that the operator allowed; throws for everything that may not be called. */
  function checkUrl(url: URL): boolean {
    if (hostMatches(url, options.allowedHosts ?? [], { anyPort: true })) return true
    if (options.ownUrl && url.origin === new URL(options.ownUrl).origin && isPractice(url)) return true
    const literal = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(literal) !== 0 && isPrivateAddress(literal)) throw privateHost(url.hostname)
    if (/(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(url.hostname)) throw privateHost(url.hostname)
    return false
  }

  async function open(id: string): Promise<OpenCredential> {
    const credential = await options.resolveCredential?.(id)
    if (credential) return credential
    throw new NodeError({
      class: 'unauthorized',
      code: 'credential.missing',
      message: 'The credential of this step is gone or may not be used here.',
      hint: 'Choose another credential.',
      pointer: '/params/credential',
    })
  }

  function redacted(error: NodeError): NodeError {
    if (secrets.size === 0) return error
    return new NodeError(redactor().json(error.step as unknown as Json) as unknown as NodeError['step'])
  }

  function wrap(response: Response, url: URL, maxBytes: number, signal: AbortSignal): GuardedResponse {
    const body = limitedBody(response, url, maxBytes, signal, redacted)
    let all: Promise<Uint8Array> | undefined
    const bytes = (): Promise<Uint8Array> => {
      // As a file, a secret would stand in base64 among other bytes, and nobody would know it there.
      all ??= collect(body).then((read) => redactor().bytes(read))
      return all
    }
    const text = async (): Promise<string> => new TextDecoder().decode(await bytes())
    return {
      status: response.status,
      ok: response.ok,
      url: redactor().text(url.href),
      headers: headersOf(response),
      body,
      bytes,
      text,
      json: async () => {
        const read = readJson(await text())
        if (read.ok) return read.value
        throw new NodeError({ class: 'bad_data', code: 'http.json', message: `The answer of ${url.host} cannot be read: ${read.message}` })
      },
    }
  }

  return Object.assign(door, {
    redactText: (value: string) => redactor().text(value),
    redactJson: (value: Json) => redactor().json(value),
    close: async () => {
      if (options.lookup) await Promise.all([strict.destroy(), trusting.destroy()])
    },
  })
}

interface Agents {
  strict: Agent
  trusting: Agent
}

const kept = new Map<string, Agents>()
const mostKept = 500

/**
 * Doors are many and short-lived, connections are kept for all doors of one owner: a connection's address was checked whoever opened it.
 * Among owners they are not shared, or the slow calls of one would take every connection to a host that others call too.
 */
function agentsOf(owner: string): Agents {
  const agents = kept.get(owner) ?? createAgents(lookupAll)
  kept.delete(owner)
  kept.set(owner, agents)
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break
    // Not closed, a door may still use them: connections that nobody uses end by themselves.
    kept.delete(oldest)
  }
  return agents
}

function createAgents(lookup: Lookup): Agents {
  const timing = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4_000, connections: 64 }
  return {
    strict: new Agent({ ...timing, connect: { lookup: createCheckedLookup(lookup), timeout: 10_000 } }),
    trusting: new Agent({ ...timing, connect: { timeout: 10_000 } }),
  }
}

/** Of cookies there are often several, and commas stand inside them: each has a line of its own. */
function headersOf({ headers }: Response): Record<string, string> {
  const cookies = headers.getSetCookie()
  return { ...Object.fromEntries(headers), ...(cookies.length > 0 ? { 'set-cookie': cookies.join('\n') } : {}) }
}

function parseUrl(text: string, base?: URL): URL {
  let url: URL
  try {
    url = new URL(text, base)
  } catch {
    throw refused('net.url', `"${text.slice(0, 200)}" is not a URL.`, 'A URL begins with https:// and a host.')
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused('net.scheme', `${url.protocol}// addresses cannot be called.`, 'Use an address that begins with https:// or http://.')
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('net.user_in_url', 'The URL holds a user name or password.', 'Make a credential for it and choose that instead.')
  }
  url.hash = ''
  return url
}

/** Dots in the path were resolved when the URL was parsed; encoded slashes were not, so they are refused. */
function isPractice(url: URL): boolean {
  return url.pathname.startsWith('/practice/') && !/%2f|%5c|%2e/i.test(url.pathname)
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

function cleanHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return Object.fromEntries(entries.filter(([name]) => !managedHeaders.has(name)))
}

function without(headers: Record<string, string>, drop: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name)))
}

async function* limitedBody(
  response: Response,
  url: URL,
  maxBytes: number,
  signal: AbortSignal,
  redacted: (error: NodeError) => NodeError,
): AsyncGenerator<Uint8Array> {
  if (!response.body) return
  let size = 0
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > maxBytes) throw tooLarge(url, maxBytes)
      yield chunk
    }
  } catch (error) {
    throw redacted(netError(error, url, signal))
  }
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function tooLarge(url: URL, maxBytes: number): NodeError {
  const size = maxBytes >= 1024 * 1024 ? `${Math.round(maxBytes / 1024 / 1024)} MB` : `${Math.ceil(maxBytes / 1024)} KB`
  return new NodeError({
    class: 'bad_data',
    code: 'net.too_large',
    message: `The answer of ${url.host} is larger than ${size}.`,
    hint: 'Ask for less at a time, for example page by page.',
  })
}

function tooManyRedirects(url: URL): NodeError {
  return refused(
    'net.redirects',
    `${url.host} redirects in a circle or more than ${limits.httpRedirects} times.`,
    'Use the address it should end at.',
  )
}

function refused(code: string, message: string, hint: string): NodeError {
  return new NodeError({ class: 'bad_data', code, message, hint, pointer: '/params/url' })
}
