import { findCredentialType } from '@/workflows/nodes/credential-types'
import { NodeError } from '@/workflows/nodes/errors'
import { hostMatches } from './host-pattern'

/** A credential with its secret open; lives only between the resolver and the request that it goes into. */
export interface OpenCredential {
  type: string
  settings: Record<string, unknown>
  secret: Record<string, string>
  allowedHosts: readonly string[]
}
export type ResolveCredential = (id: string) => Promise<OpenCredential | null>

/** Throws unless the credential may be sent to this URL; `trusted` is a host the operator allowed by name. */
export function checkCredential(credential: OpenCredential, url: URL, { trusted }: { trusted: boolean }): void {
  if (!hostMatches(url, hostsOf(credential))) {
    throw new NodeError({
      class: 'unauthorized',
      code: 'credential.host',
      message: `The credential of this step may not be sent to ${url.host}.`,
      hint: 'Use a credential made for this host, or add the host to the credential.',
      pointer: '/params/credential',
    })
  }
  if (url.protocol !== 'https:' && !trusted) {
    throw new NodeError({
      class: 'unauthorized',
      code: 'credential.insecure',
      message: `The credential of this step is not sent to ${url.host} without encryption.`,
      hint: 'Use an address that begins with https://.',
      pointer: '/params/credential',
    })
  }
}

/** Puts the secret where its type says; returns the texts that must never be recorded. */
export function injectCredential(credential: OpenCredential, url: URL, headers: Record<string, string>): string[] {
  const { settings, secret } = credential
  switch (credential.type) {
    case 'http.bearer':
      headers.authorization = `Bearer ${need(secret.token)}`
      return secretsOf(credential)
    case 'model.openai':
      if (secret.apiKey) headers.authorization = `Bearer ${secret.apiKey}`
      return secretsOf(credential)
    case 'http.basic': {
      const pair = `${typeof settings.username === 'string' ? settings.username : ''}:${secret.password ?? ''}`
      headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`
      return [pair, ...secretsOf(credential)]
    }
    case 'http.header':
      headers[nameOf(settings).toLowerCase()] = need(secret.value)
      return secretsOf(credential)
    case 'http.query':
      url.searchParams.set(nameOf(settings), need(secret.value))
      return secretsOf(credential)
    default:
      throw new NodeError({
        class: 'unauthorized',
        code: 'credential.type',
        message: 'The credential of this step is of a kind that is not sent with requests.',
        hint: 'Choose another credential.',
        pointer: '/params/credential',
      })
  }
}

export function secretsOf(credential: OpenCredential): string[] {
  return Object.values(credential.secret)
}

function hostsOf(credential: OpenCredential): readonly string[] {
  if (credential.allowedHosts.length > 0) return credential.allowedHosts
  const from = findCredentialType(credential.type)?.hostFrom
  const base = from ? credential.settings[from] : undefined
  return typeof base === 'string' && URL.canParse(base) ? [new URL(base).host] : []
}

function nameOf(settings: Record<string, unknown>): string {
  const { name } = settings
  if (typeof name === 'string' && name.trim() !== '') return name.trim()
  throw incomplete()
}

function need(value: string | undefined): string {
  if (value) return value
  throw incomplete()
}

function incomplete(): NodeError {
  return new NodeError({
    class: 'unauthorized',
    code: 'credential.empty',
    message: 'The credential of this step holds no secret.',
    hint: 'Open Credentials and enter it again; changing where a credential goes clears it.',
    pointer: '/params/credential',
  })
}
