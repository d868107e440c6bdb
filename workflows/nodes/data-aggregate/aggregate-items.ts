import type { Json } from '../../graph/schema'
import { compareExactly, compareKeys, isMissing, type SortKey, sortKeysOf } from '../compare-values'
import { NodeError } from '../errors'
import { createFieldReader, withField } from '../field-at'
import { keyOf, keyOfAll } from '../key-of'
import { shown } from '../list-of'
import type { Operation } from './operations'

export interface Result {
  operation: Operation
  /** Empty: the items themselves. */
  field: string
  /** Empty: made of field and operation. */
  name: string
}

/** One object for all items, or one for each group in the order of its first item; linear in the items. */
export function aggregateItems(
  items: readonly Json[],
  { groupBy, results }: { groupBy: readonly string[]; results: readonly Result[] },
): Json {
  const wanted = namedApart(results.length === 0 ? [{ operation: 'count', field: '', name: '' }] : results, groupBy)
  if (groupBy.length === 0) return summaryOf(items, wanted, {})
  const readers = groupBy.map((path) => ({ path, read: createFieldReader(path) }))
  const groups = new Map<string, { values: Json[]; items: Json[] }>()
  for (const item of items) {
    const values = readers.map(({ read }) => read(item) ?? null)
    const key = keyOfAll(values)
    const group = groups.get(key)
    if (group) group.items.push(item)
    else groups.set(key, { values, items: [item] })
  }
  return [...groups.values()].map((group) => {
    const base = readers.reduce<Json>((made, { path }, index) => withField(made, path, group.values[index] ?? null), {})
    return summaryOf(group.items, wanted, base)
  })
}

/** Each result under a name of its own: a made one that is taken gets a number, a given one is the author's. */
function namedApart(results: readonly Result[], groupBy: readonly string[]): Result[] {
  const taken = new Set([...groupBy, ...results.flatMap(({ name }) => (name === '' ? [] : [name]))])
  return results.map((result) => {
    if (result.name !== '') return result
    const wanted = nameOf(result)
    let name = wanted
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`
    taken.add(name)
    return { ...result, name }
  })
}

function summaryOf(items: readonly Json[], results: readonly Result[], base: Json): Json {
  return results.reduce<Json>((made, result) => withField(made, nameOf(result), resultOf(items, result)), base)
}

/** `total` added up is `total_sum`; the items counted are `count`. */
export function nameOf({ operation, field, name }: Result): string {
  if (name !== '') return name
  const last = field.split('.').at(-1) ?? ''
  const suffix = operation.replace('-', '_')
  return last === '' ? (operation === 'list' ? 'items' : suffix) : `${last}_${suffix}`
}

function resultOf(items: readonly Json[], { operation, field }: Result): Json {
  if (operation === 'count') return items.length
  const read = createFieldReader(field)
  if (operation === 'sum' || operation === 'average') {
    const { sum, count } = add(items, read, field)
    return operation === 'sum' ? sum : count === 0 ? null : finite(sum / count, field)
  }
  const values = items.flatMap((item) => {
    const value = read(item)
    return value === undefined || value === null ? [] : [value]
  })
  switch (operation) {
    case 'list':
      return values
    case 'first':
      return values[0] ?? null
    case 'last':
      return values.at(-1) ?? null
    case 'distinct':
      return [...new Map(values.map((value) => [keyOf(value), value])).values()]
    case 'count-distinct':
      return new Set(values.map(keyOf)).size
    default:
      return extreme(values, operation === 'min' ? -1 : 1)
  }
}

/**
 * Adds with the part that rounding loses kept beside (Neumaier), and gives no more decimal places than the numbers have: a sum of
 * prices is 0.3 and not 0.30000000000000004.
 */
function add(items: readonly Json[], read: (item: Json) => Json | undefined, field: string): { sum: number; count: number } {
  let sum = 0
  let lost = 0
  let count = 0
  let places = 0
  for (const [index, item] of items.entries()) {
    const number = numberIn(read(item), field, index)
    if (number === null) continue
    const next = sum + number
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
    sum = next
    count++
    places = Math.max(places, placesOf(number))
  }
  const exact = finite(sum + lost, field)
  return { sum: places <= 15 ? Number(exact.toFixed(places)) : exact, count }
}

function placesOf(number: number): number {
  if (Number.isInteger(number)) return 0
  const text = String(number)
  return text.includes('e') ? 100 : text.length - text.indexOf('.') - 1
}

function numberIn(value: Json | undefined, field: string, index: number): number | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'number') return value
  const text = typeof value === 'string' ? value.trim() : ''
  const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(number)) {
    throw bad(
      'not_a_number',
      `Item ${index + 1} has ${shown(value)} in "${field || 'item'}", which is not a number, so it cannot be added up.`,
    )
  }
  if (/^[+-]?\d+$/.test(text) && !Number.isSafeInteger(number)) {
    throw bad('not_exact', `Item ${index + 1} has ${shown(value)} in "${field || 'item'}", which is too large to be added up exactly.`)
  }
  return number
}

function finite(number: number, field: string): number {
  if (Number.isFinite(number)) return number
  throw bad('too_large', `The sum of "${field || 'item'}" is too large for a number.`)
}

function extreme(values: readonly Json[], sign: -1 | 1): Json {
  const keys = sortKeysOf(values, 'natural')
  let best = -1
  for (const [index, key] of keys.entries()) {
    if (isMissing(key)) continue
    const known = keys[best]
    if (known && order(key, known) * sign <= 0) continue
    best = index
  }
  return values[best] ?? null
}

function order(a: SortKey, b: SortKey): number {
  return compareKeys(a, b) || compareExactly(a, b)
}

function bad(code: string, message: string): NodeError {
  return new NodeError({
    class: 'bad_data',
    code: `aggregate.${code}`,
    message,
    hint: 'Leave such items out with "Filter", or correct them before this step.',
    pointer: '/params/results',
  })
}
