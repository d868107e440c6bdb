import type { Json } from '../../graph/schema'
import { type Fields, fieldsIn, listIn, resolved, textIn } from './document-parts'

/** How deep an example goes; what is deeper, or refers back to itself, is left empty. */
const deepest = 5
const fieldsAtMost = 60

/** A value that a schema of an API description would accept, with the examples and defaults that it names. */
export function sampleOf(root: Fields, given: Json | undefined, depth = 0): Json {
  const schema = resolved(root, given)
  if (schema.example !== undefined) return schema.example
  if (schema.default !== undefined) return schema.default
  const [first] = [...listIn(schema.examples), ...listIn(schema.enum)]
  if (first !== undefined) return first
  const [chosen] = [...listIn(schema.oneOf), ...listIn(schema.anyOf)]
  if (chosen !== undefined && depth < deepest) return sampleOf(root, chosen, depth + 1)
  const properties = propertiesOf(root, schema)
  if (properties.length > 0 || schema.type === 'object') {
    if (depth >= deepest) return {}
    return Object.fromEntries(properties.slice(0, fieldsAtMost).map(([name, one]) => [name, sampleOf(root, one, depth + 1)]))
  }
  const type = textIn(Array.isArray(schema.type) ? schema.type[0] : schema.type)
  if (type === 'array') return depth >= deepest ? [] : [sampleOf(root, schema.items, depth + 1)]
  if (type === 'boolean') return false
  return type === 'integer' || type === 'number' ? 0 : type === 'string' ? '' : null
}

/** The names of an object's properties. */
export function fieldsOf(root: Fields, given: Json | undefined): string[] {
  return propertiesOf(root, resolved(root, given)).map(([name]) => name)
}

function propertiesOf(root: Fields, schema: Fields, depth = 0): [string, Json][] {
  const own = Object.entries(fieldsIn(schema.properties))
  if (depth >= deepest) return own
  const merged = listIn(schema.allOf).flatMap((one) => propertiesOf(root, resolved(root, one), depth + 1))
  return [...merged, ...own]
}
