import type { Json } from '../../graph/schema'
import { createFieldReader, withField, withoutField } from '../field-at'
import { requireItems } from '../list-of'
import { createSizeMeter, sizeOf } from '../size-of'

interface Split {
  fields: readonly string[]
  keep: 'none' | 'others'
  /** The field of the new item; empty where the entry is the item, or takes the place of its list. */
  into: string
  empty: 'drop' | 'keep'
}

/** One item for each entry of the lists in `fields`, which are read side by side; linear in what comes out. */
export function splitItems(given: Json, { fields, keep, into, empty }: Split): Json[] {
  const items = Array.isArray(given) ? given : [given]
  const readers = fields.length > 0 ? fields.map(createFieldReader) : [createFieldReader('')]
  const listsOf = (item: Json): Json[][] => readers.map((read) => listIn(read(item)))
  let count = 0
  for (const item of items) count += longest(listsOf(item))
  requireItems(Math.max(count, items.length))
  const made: Json[] = []
  const meter = createSizeMeter()
  for (const item of items) {
    const lists = listsOf(item)
    const length = longest(lists)
    const others = keep === 'others' ? othersOf(item, fields, into) : null
    // Every new item repeats the others' fields, which may be large.
    if (others !== null && length > 1) meter.add(sizeOf(others) * length)
    for (let place = 0; place < length; place++) made.push(itemAt(others, fields, lists, place, into))
    if (others !== null && length === 0 && empty === 'keep') made.push(itemAt(others, fields, lists, 0, into))
  }
  return made
}

function listIn(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

const longest = (lists: readonly Json[][]): number => lists.reduce((most, list) => Math.max(most, list.length), 0)

/** The item as it goes on with each entry; what stood in the list is replaced, or moves to where it is put. */
function othersOf(item: Json, fields: readonly string[], into: string): Json {
  return fields.reduce<Json>((kept, field) => (into === '' ? withField(kept, field, null) : withoutField(kept, field)), item)
}

function itemAt(others: Json | null, fields: readonly string[], lists: readonly Json[][], place: number, into: string): Json {
  const [first = ''] = fields
  const entry = (index: number): Json => lists[index]?.[place] ?? null
  if (fields.length <= 1) {
    if (others !== null) return withField(others, into || first, entry(0))
    return into === '' ? entry(0) : withField({}, into, entry(0))
  }
  return fields.reduce<Json>((made, field, index) => {
    const name = others !== null && into === '' ? field : shortName(field, fields)
    return withField(made, into === '' ? name : `${into}.${name}`, entry(index))
  }, others ?? {})
}

/** The last part of a field's path, or all of it where another field ends alike. */
function shortName(field: string, fields: readonly string[]): string {
  const last = lastPart(field)
  return fields.some((other) => other !== field && lastPart(other) === last) ? field : last
}

const lastPart = (field: string): string => field.slice(field.lastIndexOf('.') + 1)
