import type { Json } from '../../graph/schema'
import { createFieldReader, isFields, withoutField } from '../field-at'
import { keyOf, keyOfAll, looseKeyOf } from '../key-of'

export interface CompareOptions {
  by: readonly string[]
  ignore: readonly string[]
  textNumbers: boolean
}

/** Several items with the same key are paired in their order. Linear in both lists. */
export function compareLists(before: readonly Json[], after: readonly Json[], { by, ignore, textNumbers }: CompareOptions): Json {
  const loose = textNumbers ? looseKeyOf : keyOf
  const strip = (item: Json): Json => ignore.reduce(withoutField, item)
  const readers = by.map(createFieldReader)
  const keyFor = (item: Json): string =>
    readers.length === 0
      ? keyOf(strip(item))
      : keyOfAll(
          readers.map((read) => read(item)),
          loose,
        )
  const places = placesOf(before, keyFor)
  const gone = new Set(before.keys())
  const [added, changed, same]: [Json[], Json[], Json[]] = [[], [], []]
  for (const item of after) {
    const index = places.get(keyFor(item))?.pop()
    if (index === undefined) {
      added.push(item)
      continue
    }
    gone.delete(index)
    const old = before[index] as Json
    const fields = changedFields(strip(old), strip(item), loose)
    if (fields === null) same.push(item)
    else changed.push({ before: old, after: item, fields })
  }
  return { added, removed: [...gone].map((index) => before[index] as Json), changed, same }
}

/** The places of each key, the last first, so that taking the next one is cheap. */
function placesOf(items: readonly Json[], keyFor: (item: Json) => string): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (let index = items.length - 1; index >= 0; index--) {
    const key = keyFor(items[index] as Json)
    const known = places.get(key)
    if (known) known.push(index)
    else places.set(key, [index])
  }
  return places
}

/** Names of the fields that differ; null where nothing does. */
function changedFields(before: Json, after: Json, key: (value: Json | undefined) => string): string[] | null {
  if (!isFields(before) || !isFields(after)) return key(before) === key(after) ? null : []
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const differing = names.filter((name) => key(valueIn(before, name)) !== key(valueIn(after, name)))
  return differing.length === 0 ? null : differing
}

function valueIn(item: { [key: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined
}
