import { forbiddenKeys, type Json } from '../graph/schema'
import { NodeError } from './errors'

export type Fields = { [key: string]: Json }

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads one field of many items: a field of exactly this name, else the way through its dots; an empty path is the item itself. */
export function createFieldReader(path: string): (item: Json) => Json | undefined {
  if (path === '') return (item) => item
  if (!path.includes('.')) return (item) => own(item, path)
  const parts = path.split('.')
  return (item) => {
    const whole = own(item, path)
    if (whole !== undefined) return whole
    let value: Json | undefined = item
    for (const part of parts) {
      if (value === undefined) return undefined
      value = own(value, part)
    }
    return value
  }
}

/** The names of all fields that the items have themselves, in the order in which they come up. */
export function columnsOf(items: readonly Json[]): string[] {
  const names = new Set<string>()
  for (const item of items) if (isFields(item)) for (const name of Object.keys(item)) names.add(name)
  return [...names]
}

/** Reads a field of exactly this name, whatever dots are in it. */
export function createColumnReader(name: string): (item: Json) => Json | undefined {
  return (item) => own(item, name)
}

/** The item without the field at `path`; the item itself where it has none. */
export function withoutField(item: Json, path: string): Json {
  if (!isFields(item)) return item
  if (Object.hasOwn(item, path)) {
    const { [path]: _left, ...rest } = item
    return rest
  }
  const dot = path.indexOf('.')
  const key = dot < 0 ? path : path.slice(0, dot)
  const inner = dot < 0 ? undefined : own(item, key)
  if (inner === undefined) return item
  const next = withoutField(inner, path.slice(dot + 1))
  return next === inner ? item : { ...item, [key]: next }
}

/** The item with a field of exactly this name replaced, else the one that its dots lead to, made on the way where it is missing. */
export function withField(item: Json, path: string, value: Json): Json {
  const base = isFields(item) ? item : {}
  if (Object.hasOwn(base, path)) return { ...base, [path]: value }
  const dot = path.indexOf('.')
  const key = dot < 0 ? path : path.slice(0, dot)
  requireFieldName(key, path)
  if (dot < 0) return { ...base, [key]: value }
  return { ...base, [key]: withField(own(base, key) ?? null, path.slice(dot + 1), value) }
}

/** A name that people or data chose for a field of the output. */
export function requireFieldName(name: string, shown = name): string {
  if (name !== '' && !(forbiddenKeys as readonly string[]).includes(name)) return name
  throw new NodeError({
    class: 'bad_data',
    code: 'field.name',
    message: `"${shown.slice(0, 80)}" cannot be the name of a field.`,
    hint: 'Use names such as total or customer.name.',
  })
}

function own(value: Json, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return /^\d{1,6}$/.test(key) ? value[Number(key)] : undefined
  return Object.hasOwn(value, key) ? value[key] : undefined
}
