import type { Json } from '../../graph/schema'
import { createFieldReader, type Fields, withField, withoutField } from '../field-at'

interface Name {
  from: string
  to: string
}

/** All at once, so two fields can exchange their names; a field that is not there is left alone, one that already has the name gives way. */
export function renameFields(item: Fields, names: readonly Name[]): Json {
  const moves = names.flatMap(({ from, to }) => {
    const value = createFieldReader(from)(item)
    return value === undefined || from === to ? [] : [{ from, to, value }]
  })
  if (moves.length === 0) return item
  if (moves.every(({ from, to }) => Object.hasOwn(item, from) && !to.includes('.'))) return inPlace(item, moves)
  const without = moves.reduce<Json>((made, { from }) => withoutField(made, from), item)
  return moves.reduce((made, { to, value }) => withField(made, to, value), without)
}

/** A field at the top keeps its place among the others. */
function inPlace(item: Fields, moves: readonly (Name & { value: Json })[]): Fields {
  const target = new Map(moves.map(({ from, to }) => [from, to]))
  const taken = new Set(target.values())
  const made: Fields = {}
  for (const [key, value] of Object.entries(item)) {
    const to = target.get(key)
    if (to !== undefined) made[to] = value
    else if (!taken.has(key)) made[key] = value
  }
  return made
}
