import { ServiceError } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'
import { type CredentialType, findCredentialType } from '@/workflows/nodes/credential-types'

export function requireCredentialType(type: string): CredentialType {
  const found = findCredentialType(type)
  if (found) return found
  throw new ServiceError('BAD_REQUEST', `There is no kind of credential called “${type}”.`, {
    pointer: '/type',
    hint: 'Choose one that GET /credentials/types lists.',
  })
}

/** Only the type's own settings, each a text or a list of texts. */
export function readSettings(type: CredentialType, given: Record<string, Json>): Record<string, Json> {
  const settings: Record<string, Json> = {}
  for (const [name, value] of Object.entries(given)) {
    const field = type.settings.find((one) => one.name === name)
    if (!field) throw new ServiceError('BAD_REQUEST', `“${type.title}” has no setting called “${name}”.`, { pointer: `/settings/${name}` })
    if (field.list) {
      const list = typeof value === 'string' ? value.split('\n') : value
      if (!Array.isArray(list) || list.length > 500 || list.some((one) => typeof one !== 'string' || one.length > 500)) {
        throw new ServiceError('BAD_REQUEST', `“${field.label}” is a list of texts.`, { pointer: `/settings/${name}` })
      }
      settings[name] = list.map((one) => String(one).trim()).filter(Boolean)
      continue
    }
    if (typeof value !== 'string' || value.length > 2000)
      throw new ServiceError('BAD_REQUEST', `“${field.label}” is a text.`, { pointer: `/settings/${name}` })
    if (value.trim() !== '') settings[name] = value.trim()
  }
  for (const field of type.settings) {
    if (field.required && !settings[field.name])
      throw new ServiceError('BAD_REQUEST', `“${field.label}” is missing.`, { pointer: `/settings/${field.name}` })
  }
  return settings
}

export function readSecret(type: CredentialType, given: Record<string, string>, { needed }: { needed: boolean }): Record<string, string> {
  const secret: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const field = type.secrets.find((one) => one.name === name)
    if (!field) throw new ServiceError('BAD_REQUEST', `“${type.title}” has no secret called “${name}”.`, { pointer: `/secret/${name}` })
    if (value !== '') secret[name] = value
  }
  for (const field of type.secrets) {
    if (needed && !secret[field.name])
      throw new ServiceError('BAD_REQUEST', `“${field.label}” is missing.`, { pointer: `/secret/${field.name}` })
  }
  return secret
}

/** Where the secret may go: the host of its base URL, or the hosts people name. */
export function readHosts(type: CredentialType, settings: Record<string, Json>, given: readonly string[]): string[] {
  if (type.inbound) return []
  if (type.hostFrom) {
    const base = settings[type.hostFrom]
    if (typeof base !== 'string' || !URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
      throw new ServiceError('BAD_REQUEST', 'The base URL is no web address.', {
        pointer: `/settings/${type.hostFrom}`,
        hint: 'It begins with https://.',
      })
    }
    return [new URL(base).host.toLowerCase()]
  }
  const hosts = [...new Set(given.map((host) => host.trim().toLowerCase()))]
  for (const [index, host] of hosts.entries()) {
    if (!/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/.test(host)) {
      throw new ServiceError('BAD_REQUEST', `“${host}” is no host.`, {
        pointer: `/allowedHosts/${index}`,
        hint: 'For example api.example.com or *.example.com, without https://.',
      })
    }
  }
  if (hosts.length === 0)
    throw new ServiceError('BAD_REQUEST', 'Name at least one host that this secret may be sent to.', {
      pointer: '/allowedHosts',
      hint: 'For example api.example.com.',
    })
  return hosts
}
