import type { Json } from '../../graph/schema'
import { createFieldReader, withField } from '../field-at'
import { requireItems } from '../list-of'
import { createSizeMeter, sizeOf } from '../size-of'

/** One item for each entry of the lists in `field`; linear in what comes out. */
export function splitItems(
  given: Json,
  { field, keep, empty }: { field: string; keep: 'none' | 'others'; empty: 'drop' | 'keep' },
): Json[] {
  const items = Array.isArray(given) ? given : [given]
  const read = createFieldReader(field)
  let count = 0
  for (const item of items) {
    const value = read(item)
    count += Array.isArray(value) ? value.length : value === undefined || value === null ? 0 : 1
  }
  requireItems(Math.max(count, items.length))
  const made: Json[] = []
  const meter = createSizeMeter()
  for (const item of items) {
    const value = read(item)
    const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
    if (keep === 'none') {
      for (const entry of list) made.push(entry)
      continue
    }
    // Every new item repeats the others' fields, which may be large.
    if (list.length > 1) meter.add(sizeOf(withField(item, field, null)) * list.length)
    for (const entry of list) made.push(withField(item, field, entry))
    if (list.length === 0 && empty === 'keep') made.push(withField(item, field, null))
  }
  return made
}
