import type { Json } from '../../graph/schema'
import { createFieldReader, isFields } from '../field-at'
import { keyOf } from '../key-of'
import { requireItems } from '../list-of'
import { createSizeMeter, sizeOf } from '../size-of'

export type MergeMode = 'append' | 'by-position' | 'by-field' | 'all-pairs' | 'first' | 'first-to-arrive'

/** `values` in edge order; a value that is no list counts as a list of one. Linear in what comes out. */
export function mergeInputs(values: readonly Json[], { mode, field }: { mode: MergeMode; field: string }): Json {
  if (mode === 'first' || mode === 'first-to-arrive') return values[0] ?? null
  const lists = values.map((value) => (Array.isArray(value) ? value : [value]))
  if (mode === 'all-pairs') return allPairs(lists)
  requireItems(lists.reduce((sum, list) => sum + list.length, 0))
  if (mode === 'append') return lists.flat(1)
  return mode === 'by-position' ? byPosition(lists) : byField(lists, field)
}

function byPosition(lists: readonly Json[][]): Json[] {
  const length = lists.reduce((most, list) => Math.max(most, list.length), 0)
  return Array.from({ length }, (_, index) => combine(lists.flatMap((list) => (index < list.length ? [list[index] ?? null] : []))))
}

/** Items without the field stay by themselves. */
function byField(lists: readonly Json[][], field: string): Json[] {
  const read = createFieldReader(field)
  const groups = new Map<string, Json[]>()
  const order: Json[][] = []
  for (const item of lists.flat(1)) {
    const value = isFields(item) ? read(item) : undefined
    const key = value === undefined ? null : keyOf(value)
    const group = key === null ? undefined : groups.get(key)
    if (group) {
      group.push(item)
      continue
    }
    const fresh = [item]
    order.push(fresh)
    if (key !== null) groups.set(key, fresh)
  }
  return order.map(combine)
}

/** The first list's items stay together: 1a, 1b, 2a, 2b. */
function allPairs(lists: readonly Json[][]): Json[] {
  const count = lists.length === 0 ? 0 : lists.reduce((product, list) => product * list.length, 1)
  requireItems(count)
  const meter = createSizeMeter()
  for (const list of lists) if (count > 0) meter.add((list.reduce<number>((sum, item) => sum + sizeOf(item), 0) * count) / list.length)
  const pairs = lists.reduce<Json[][]>((made, list) => made.flatMap((chosen) => list.map((item) => [...chosen, item])), [[]])
  return count === 0 ? [] : pairs.map(combine)
}

function combine(items: readonly Json[]): Json {
  if (items.length === 1) return items[0] ?? null
  return items.every(isFields) ? Object.fromEntries(items.flatMap(Object.entries)) : [...items]
}
