import { canonicalJson } from '../graph/content-hash'
import type { Json } from '../graph/schema'

/** The same text for equal values, whatever the order of an object's fields. */
export function keyOf(value: Json | undefined): string {
  if (typeof value === 'string') return `"${value}`
  return canonicalJson(value)
}

/** As `keyOf`, and `5` is the same as `"5"`, as ids from a table and from JSON should be. */
export function looseKeyOf(value: Json | undefined): string {
  if (typeof value === 'number' || typeof value === 'boolean') return `"${String(value)}`
  return typeof value === 'string' ? `"${value.trim()}` : keyOf(value)
}

/** One text for several values; no two different lists of values have the same. */
export function keyOfAll(values: readonly (Json | undefined)[], key: (value: Json | undefined) => string = keyOf): string {
  const [only] = values
  if (values.length === 1) return key(only)
  return values
    .map((value) => {
      const text = key(value)
      return `${text.length}:${text}`
    })
    .join('')
}
