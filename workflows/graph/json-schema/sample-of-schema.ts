import type { Json } from '../schema'

const deepest = 6
const byFormat: Readonly<Record<string, string>> = {
  date: '2026-03-09',
  'date-time': '2026-03-09T14:05:00Z',
  time: '14:05:00',
  email: 'ada@example.com',
  uri: 'https://example.com',
}

/** A value as a JSON Schema describes it, to show which fields there will be; undefined where it says nothing. */
export function sampleOfSchema(schema: Json | undefined, depth = 0): Json | undefined {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema) || depth > deepest) return undefined
  const given = [schema.const, schema.default, first(schema.examples), first(schema.enum)].find((one) => one !== undefined)
  if (given !== undefined) return given
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  const { properties } = schema
  if (type === 'object' || (type === undefined && properties !== undefined)) {
    if (properties === null || typeof properties !== 'object' || Array.isArray(properties)) return {}
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, sampleOfSchema(one, depth + 1) ?? null]))
  }
  if (type === 'array') {
    const item = sampleOfSchema(schema.items, depth + 1)
    return item === undefined ? [] : [item]
  }
  if (type === 'string') return byFormat[String(schema.format)] ?? 'text'
  if (type === 'number' || type === 'integer') return typeof schema.minimum === 'number' ? schema.minimum : 1
  return type === 'boolean' ? true : undefined
}

function first(list: Json | undefined): Json | undefined {
  return Array.isArray(list) ? list[0] : undefined
}
