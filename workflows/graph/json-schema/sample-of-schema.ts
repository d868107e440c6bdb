import type { Json } from '../schema'

/** A value as a JSON Schema describes it, to show which fields there will be; undefined where it says nothing. */
export function sampleOfSchema(schema: Json | undefined): Json | undefined {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return undefined
  const given = schema.default ?? first(schema.examples) ?? first(schema.enum)
  if (given !== undefined) return given
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  const { properties } = schema
  if (properties !== null && typeof properties === 'object' && !Array.isArray(properties))
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, sampleOfSchema(one) ?? null]))
  if (type === 'array') return [sampleOfSchema(schema.items) ?? null]
  return { object: {}, string: 'text', number: 1, integer: 1, boolean: true }[String(type)]
}

function first(list: Json | undefined): Json | undefined {
  return Array.isArray(list) ? list[0] : undefined
}
