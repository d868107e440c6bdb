import type { Json } from '@/workflows/graph/schema'
import { kindOfValue, type ValueKind } from './value-kind'

/** What values look like, read off examples. */
export interface Shape {
  /** How many examples there were, and of which kinds. */
  count: number
  kinds: ReadonlyMap<ValueKind, number>
  fields: ReadonlyMap<string, Shape>
  /** Of all lists together. */
  items: Shape | null
  example: Json | undefined
}

interface Draft {
  count: number
  kinds: Map<ValueKind, number>
  fields: Map<string, Draft>
  items: Draft | null
  example: Json | undefined
}

const itemsLookedAt = 5_000
const fieldsAtMost = 500

export function shapeOf(value: Json): Shape {
  const shape = newDraft()
  take(shape, value, 0)
  return shape
}

/** As JSON Schema: what is there in every example is required. */
export function schemaOfShape(shape: Shape): { [key: string]: Json } {
  const types = [...new Set([...shape.kinds.keys()].map(typeOf))]
  const schema: { [key: string]: Json } = types.length === 1 ? { type: types[0] ?? 'null' } : types.length > 1 ? { type: types } : {}
  if (shape.fields.size > 0) {
    const objects = shape.kinds.get('object') ?? 0
    schema.properties = Object.fromEntries([...shape.fields].map(([name, field]) => [name, schemaOfShape(field)]))
    const required = [...shape.fields].filter(([, field]) => field.count === objects).map(([name]) => name)
    if (required.length > 0) schema.required = required
  }
  if (shape.items && shape.items.count > 0) schema.items = schemaOfShape(shape.items)
  return schema
}

function typeOf(kind: ValueKind): string {
  const types = { text: 'string', date: 'string', list: 'array', nothing: 'null' } as const
  return kind in types ? types[kind as keyof typeof types] : kind
}

function take(shape: Draft, value: Json, depth: number): void {
  const kind = kindOfValue(value)
  shape.count += 1
  shape.kinds.set(kind, (shape.kinds.get(kind) ?? 0) + 1)
  if (shape.example === undefined && value !== null) shape.example = value
  if (depth > 30) return
  if (Array.isArray(value)) {
    shape.items ??= newDraft()
    for (const item of value.slice(0, itemsLookedAt)) take(shape.items, item, depth + 1)
  } else if (value !== null && typeof value === 'object') {
    for (const name of Object.keys(value)) {
      let field = shape.fields.get(name)
      if (!field) {
        if (shape.fields.size >= fieldsAtMost) continue
        field = newDraft()
        shape.fields.set(name, field)
      }
      take(field, value[name] ?? null, depth + 1)
    }
  }
}

function newDraft(): Draft {
  return { count: 0, kinds: new Map(), fields: new Map(), items: null, example: undefined }
}
