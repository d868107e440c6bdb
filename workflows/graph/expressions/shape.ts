import type { Json } from '../schema'
import { isForbidden, type Kind, kindOf } from './values'

/** What is known of a value before anything runs. */
export interface Shape {
  /** The kinds it may be; empty where nothing is known. */
  kinds: ReadonlySet<Kind>
  fields?: ReadonlyMap<string, Shape>
  /** No other fields can be there; a sample alone never says that. */
  closed?: boolean
  item?: Shape
}

export const unknownShape: Shape = { kinds: new Set() }
const mostItems = 50
const mostFields = 300
const deepest = 12

const shapes = new WeakMap<object, Shape>()

/** What a value looks like, told from one that was there. Null says nothing: it stands where something else may be another time. */
export function shapeOf(sample: Json, depth = 0): Shape {
  if (sample === null || depth > deepest) return unknownShape
  if (typeof sample !== 'object') return { kinds: new Set([kindOf(sample)]) }
  const known = shapes.get(sample)
  if (known) return known
  const made: Shape = Array.isArray(sample)
    ? { kinds: new Set(['list']), item: mergeShapes(sample.slice(0, mostItems).map((item) => shapeOf(item, depth + 1))) }
    : { kinds: new Set(['object']), ...fieldsOf(sample, depth) }
  shapes.set(sample, made)
  return made
}

/** An object with very many fields is a table by name: another name may come tomorrow. */
function fieldsOf(sample: { [key: string]: Json }, depth: number): { fields?: ReadonlyMap<string, Shape> } {
  const keys = Object.keys(sample).filter((key) => !isForbidden(key))
  if (keys.length > mostFields) return {}
  return { fields: new Map(keys.map((key) => [key, shapeOf(sample[key] ?? null, depth + 1)])) }
}

/** What fits all of these; where one is unknown, all that is certain is gone, but the fields that some have stay known. */
export function mergeShapes(all: readonly Shape[]): Shape {
  const [first, ...rest] = all
  if (!first) return unknownShape
  return rest.reduce(mergeTwo, first)
}

function mergeTwo(left: Shape, right: Shape): Shape {
  if (left === right) return left
  const isUnknown = left.kinds.size === 0 || right.kinds.size === 0
  const kinds: ReadonlySet<Kind> = isUnknown ? unknownShape.kinds : new Set([...left.kinds, ...right.kinds])
  const made: Shape = { kinds }
  if (left.fields || right.fields) {
    const lacksFields = (left.kinds.has('object') && !left.fields) || (right.kinds.has('object') && !right.fields)
    if (!lacksFields) {
      const fields = new Map(left.fields)
      for (const [key, shape] of right.fields ?? []) {
        const there = fields.get(key)
        fields.set(key, there ? mergeTwo(there, shape) : shape)
      }
      made.fields = fields
      made.closed = left.closed === true && right.closed === true
    }
  }
  if (left.item || right.item)
    made.item = left.item && right.item ? mergeTwo(left.item, right.item) : (left.item ?? right.item ?? unknownShape)
  return made
}

const kindsByType: Readonly<Record<string, Kind>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'list',
  object: 'object',
}

/** What a JSON Schema says, as far as its types, properties and items tell; anything cleverer is unknown. */
export function shapeOfSchema(schema: Json | undefined, depth = 0): Shape {
  if (schema === undefined || schema === null || typeof schema !== 'object' || Array.isArray(schema) || depth > deepest) return unknownShape
  for (const clever of ['$ref', 'anyOf', 'oneOf', 'allOf', 'if', 'patternProperties'])
    if (Object.hasOwn(schema, clever)) return unknownShape
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => type !== 'null')
  const kinds = types.map((type) => (typeof type === 'string' ? kindsByType[type] : undefined))
  if (kinds.length === 0 || kinds.includes(undefined)) return unknownShape
  const made: Shape = { kinds: new Set(kinds as Kind[]) }
  const { properties } = schema
  if (properties !== null && typeof properties === 'object' && !Array.isArray(properties)) {
    made.fields = new Map(
      Object.keys(properties)
        .filter((key) => !isForbidden(key))
        .map((key) => [key, shapeOfSchema(properties[key], depth + 1)]),
    )
    made.closed = schema.additionalProperties === false
  }
  if (schema.items !== undefined) made.item = shapeOfSchema(schema.items, depth + 1)
  return made
}
