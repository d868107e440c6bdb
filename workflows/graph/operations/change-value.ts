import { forbiddenKeys, type Json } from '../schema'

export type Path = readonly (string | number)[]
type Tree = { [key: string]: Json }

/** What stands at a path; undefined where nothing does. Reads own properties only. */
export function valueAt(root: Json | undefined, path: Path): Json | undefined {
  let value: Json | undefined = root
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value)) value = typeof part === 'number' ? value[part] : undefined
    else value = Object.hasOwn(value, String(part)) ? value[String(part)] : undefined
  }
  return value
}

/** How a change is written at its path: `insert` and `take` are for lists, where an absent value means that a place comes or goes. */
export type Change = { how: 'set'; value: Json } | { how: 'take' } | { how: 'insert'; value: Json }

/** Whether the last step of the path goes into a list. */
export function endsInList(root: Json, path: Path): boolean {
  return Array.isArray(valueAt(root, path.slice(0, -1)))
}

/** The length of the longest part of the path whose value is missing, so that taking that away undoes what a write made. */
export function firstMissing(root: Json, path: Path): number | null {
  for (let length = 1; length < path.length; length++) if (valueAt(root, path.slice(0, length)) === undefined) return length
  return null
}

/** A copy with one value changed; null where the path leads through something that cannot hold it. Makes objects that are missing on the way. */
export function changeValue(root: Json, path: Path, change: Change): Json | null {
  const [part, ...rest] = path
  if (part === undefined) return change.how === 'take' ? null : change.value
  if (Array.isArray(root)) return changeList(root, part, rest, change)
  if (typeof root !== 'object' || root === null) return null
  const key = String(part)
  if (forbiddenKeys.includes(key as never)) return null
  if (rest.length === 0) {
    if (change.how !== 'take') return { ...root, [key]: change.value }
    const { [key]: _gone, ...left } = root as Tree
    return left
  }
  const present = Object.hasOwn(root, key) ? (root as Tree)[key] : undefined
  if (present === undefined && change.how === 'take') return root
  const inside = changeValue(present ?? (typeof rest[0] === 'number' ? [] : {}), rest, change)
  return inside === null ? null : { ...root, [key]: inside }
}

function changeList(list: Json[], part: string | number, rest: Path, change: Change): Json | null {
  if (typeof part !== 'number') return null
  if (rest.length === 0) {
    if (part > list.length) return null
    if (change.how === 'take') return part < list.length ? list.toSpliced(part, 1) : list
    return list.toSpliced(part, change.how === 'insert' ? 0 : 1, change.value)
  }
  const present = list[part]
  if (present === undefined) return null
  const inside = changeValue(present, rest, change)
  return inside === null ? null : list.with(part, inside)
}
