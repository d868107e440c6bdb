import type { Json } from '../../graph/schema'
import { createFieldReader, isFields, withField } from '../field-at'
import { keyOf, keyOfAll, looseKeyOf } from '../key-of'
import { requireItems } from '../list-of'
import { createSizeMeter, sizeOf } from '../size-of'

export interface JoinOptions {
  leftBy: readonly string[]
  rightBy: readonly string[]
  keep: 'inner' | 'left' | 'right' | 'full'
  into: string
  several: 'all' | 'first'
  prefer: 'left' | 'right'
  textNumbers: boolean
}

/** The first list's order, then what is left of the second. An item without the field has no partner. Linear in what comes out. */
export function joinLists(left: readonly Json[], right: readonly Json[], options: JoinOptions): Json[] {
  const { keep, into, several, prefer, textNumbers } = options
  const key = textNumbers ? looseKeyOf : keyOf
  const leftKey = createKeyReader(options.leftBy, key)
  const rightKey = createKeyReader(options.rightBy.length === 0 ? options.leftBy : options.rightBy, key)
  const partners = new Map<string, number[]>()
  for (const [index, item] of right.entries()) {
    const text = rightKey(item)
    if (text === null) continue
    const known = partners.get(text)
    if (known) known.push(index)
    else partners.set(text, [index])
  }
  const sizes = new Map<Json, number>()
  const sizeOnce = (item: Json): number => {
    const size = sizes.get(item) ?? sizeOf(item)
    if (typeof item === 'object') sizes.set(item, size)
    return size
  }
  const meter = createSizeMeter()
  const made: Json[] = []
  const matched = new Set<string>()
  const add = (item: Json) => {
    made.push(item)
    requireItems(made.length)
  }
  for (const item of left) {
    const text = leftKey(item)
    const found = (text === null ? undefined : partners.get(text)) ?? []
    const chosen = several === 'first' ? found.slice(0, 1) : found
    if (text !== null) matched.add(text)
    if (found.length === 0 && (keep === 'left' || keep === 'full')) add(into === '' ? item : withField(item, into, null))
    for (const index of chosen) {
      const other = right[index] as Json
      meter.add(sizeOnce(item) + sizeOnce(other))
      add(together(item, other, into, prefer))
    }
  }
  if (keep === 'right' || keep === 'full') {
    for (const item of right) {
      const text = rightKey(item)
      if (text === null || !matched.has(text)) add(into === '' ? item : withField({}, into, item))
    }
  }
  return made
}

function createKeyReader(paths: readonly string[], key: (value: Json | undefined) => string): (item: Json) => string | null {
  const readers = paths.map(createFieldReader)
  return (item) => {
    const values = readers.map((read) => read(item))
    return values.some((value) => value === undefined || value === null || value === '') ? null : keyOfAll(values, key)
  }
}

function together(left: Json, right: Json, into: string, prefer: 'left' | 'right'): Json {
  if (into !== '') return withField(left, into, right)
  if (!isFields(left) || !isFields(right)) return [left, right]
  return prefer === 'left' ? { ...right, ...left } : { ...left, ...right }
}
