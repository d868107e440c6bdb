import type { Json } from '../schema'

export const jsonTypes = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const
export type JsonType = (typeof jsonTypes)[number]

/** Texts of these formats are checked; patterns are not taken, because one can be made that never ends. */
export const formats: Readonly<Record<string, { test: (text: string) => boolean; words: string }>> = {
  'date-time': { test: (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text)), words: 'a date and time' },
  date: { test: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)), words: 'a date such as 2026-03-31' },
  email: { test: (text) => text.length < 320 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text), words: 'an e-mail address' },
  uri: { test: (text) => URL.canParse(text), words: 'an address such as https://example.com' },
  uuid: { test: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text), words: 'a UUID' },
}

export const counts = ['minLength', 'maxLength', 'minItems', 'maxItems'] as const
export const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const
/** Said to people only. */
export const words = ['title', 'description', 'default', 'examples', '$schema', '$comment'] as const

export type SchemaObject = { [key: string]: Json }

export function isObject(value: Json | undefined): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function typeOf(value: Json): Exclude<JsonType, 'integer'> {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'object' | 'string' | 'number' | 'boolean'
}
