import type { Json } from '@/workflows/graph/schema'

export interface Redactor {
  text(text: string): string
  json(value: Json): Json
  /** Before they are taken for text, for a file in base64, or cut. */
  bytes(value: Uint8Array): Uint8Array
}

export const hidden = '•••'

/** Texts shorter than this are too common to be replaced everywhere. */
const shortest = 4

/** Replaces secrets by their value, also as they look in URLs, JSON and base64, wherever they turn up again. */
export function createRedactor(secrets: Iterable<string>): Redactor {
  const needles = [...new Set([...secrets].filter((secret) => secret.length >= shortest).flatMap(forms))].sort(
    (a, b) => b.length - a.length,
  )
  const text = (value: string): string => needles.reduce((all, needle) => all.replaceAll(needle, hidden), value)
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [text(key), json(child)]))
  }
  const bytes = (value: Uint8Array): Uint8Array => {
    const held = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    // Byte for byte and back, so that what is no text stays as it is.
    if (!needles.some((needle) => held.includes(needle))) return value
    const latin = (one: string): string => Buffer.from(one).toString('latin1')
    return Buffer.from(
      needles.reduce((all, needle) => all.replaceAll(latin(needle), latin(hidden)), held.toString('latin1')),
      'latin1',
    )
  }
  return needles.length === 0 ? { text: (value) => value, json: (value) => value, bytes: (value) => value } : { text, json, bytes }
}

function forms(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64')
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ].filter((form) => form.length >= shortest)
}
