import type { Json } from '../../graph/schema'
import { compareExactly, compareKeys, isMissing, type SortAs, type SortKey, sortKeysOf } from '../compare-values'
import { createFieldReader } from '../field-at'

export interface SortBy {
  field: string
  direction: 'ascending' | 'descending'
  as: SortAs
}

const asTheyAre: SortBy = { field: '', direction: 'ascending', as: 'natural' }

/** A new list in order; equals stay as they were, items without a value are last in both directions. n log n comparisons. */
export function sortItems(items: readonly Json[], by: readonly SortBy[]): Json[] {
  const keys = (by.length === 0 ? [asTheyAre] : by).map((one) => {
    const read = createFieldReader(one.field)
    return { sign: one.direction === 'descending' ? -1 : 1, of: sortKeysOf(items.map(read), one.as) }
  })
  const order = Array.from(items.keys())
  order.sort((a, b) => {
    for (const { sign, of } of keys) {
      const [left, right] = [of[a] as SortKey, of[b] as SortKey]
      const result = compareKeys(left, right)
      if (result !== 0) return isMissing(left) || isMissing(right) ? result : result * sign
    }
    for (const { sign, of } of keys) {
      const result = compareExactly(of[a] as SortKey, of[b] as SortKey)
      if (result !== 0) return result * sign
    }
    return a - b
  })
  return order.map((index) => items[index] as Json)
}
