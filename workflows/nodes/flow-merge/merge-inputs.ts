import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { NodeError } from '../errors'

type Fields = { [key: string]: Json }

/** `values` in edge order; a value that is no list counts as a list of one. */
export function mergeInputs(
  values: readonly Json[],
  { mode, field }: { mode: 'append' | 'by-position' | 'by-field' | 'first'; field: string },
): Json {
  if (mode === 'first') return values[0] ?? null
  const lists = values.map((value) => (Array.isArray(value) ? value : [value]))
  if (lists.reduce((sum, list) => sum + list.length, 0) > limits.listItems) {
    throw new NodeError({
      class: 'bad_data',
      code: 'merge.too_many',
      message: `Together the lists have more than ${limits.listItems.toLocaleString('en-US')} items.`,
      hint: 'Filter the lists before this step.',
    })
  }
  if (mode === 'append') return lists.flat(1)
  return mode === 'by-position' ? byPosition(lists) : byField(lists, field)
}

function byPosition(lists: readonly Json[][]): Json[] {
  const length = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length }, (_, index) => combine(lists.flatMap((list) => (index < list.length ? [list[index] ?? null] : []))))
}

/** Items without the field stay by themselves. */
function byField(lists: readonly Json[][], field: string): Json[] {
  const groups = new Map<string, Json[]>()
  const order: Json[][] = []
  for (const item of lists.flat(1)) {
    const value = read(item, field)
    const key = value === undefined ? null : JSON.stringify(value)
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

function combine(items: readonly Json[]): Json {
  if (items.length === 1) return items[0] ?? null
  return items.every(isObject) ? Object.assign({}, ...items) : [...items]
}

function read(item: Json, path: string): Json | undefined {
  let value: Json | undefined = item
  for (const key of path.split('.')) {
    if (value === undefined || !isObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

function isObject(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
