import type { Json } from '@/workflows/graph/schema'
import { joinPath } from './expression-path'
import { shortValue } from './short-value'
import { kindOfValue, type ValueKind } from './value-kind'

export interface TreeRoot {
  name: string
  /** The expression that gives this value; absent where the tree is only to look at. */
  path?: string
  value: Json
  /** How many levels are open at first. */
  openTo?: number
}

export interface TreeRow {
  /** Unique among all rows, also of values that have no path. */
  id: string
  name: string
  path: string | undefined
  value: Json
  kind: ValueKind
  depth: number
  /** How many children; -1 for a leaf. */
  count: number
  open: boolean
}

/** What has more children than this begins closed. */
const openedAtFirst = 1_000

/** The rows of some trees as they stand on screen, from top to bottom. `turned` are rows that are not as they were at first. */
export function treeRows(roots: readonly TreeRoot[], turned: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = []
  const add = (id: string, name: string, path: string | undefined, value: Json, depth: number, openTo: number) => {
    const row = rowOf(id, name, path, value, depth)
    row.open = row.count > 0 && (depth < openTo && row.count <= openedAtFirst) !== turned.has(id)
    rows.push(row)
    if (row.open) for (const [key, child] of childrenOf(value)) add(`${id}/${key}`, String(key), below(path, key), child, depth + 1, openTo)
  }
  for (const root of roots) add(root.name, root.name, root.path, root.value, 0, root.openTo ?? 2)
  return rows
}

/** Rows whose name or value has these letters, each after the rows that lead to it. Yields undefined for what does not fit. */
export function* findRows(roots: readonly TreeRoot[], query: string): Generator<TreeRow | undefined> {
  const shown = new Set<string>()
  function* visit(row: TreeRow, leading: readonly TreeRow[]): Generator<TreeRow | undefined> {
    if (fits(row, query)) {
      for (const one of leading) {
        if (shown.has(one.id)) continue
        shown.add(one.id)
        yield { ...one, open: true }
      }
      shown.add(row.id)
      yield row
    } else yield undefined
    if (row.count <= 0) return
    const next = [...leading, row]
    for (const [key, child] of childrenOf(row.value))
      yield* visit(rowOf(`${row.id}/${key}`, String(key), below(row.path, key), child, row.depth + 1), next)
  }
  for (const root of roots) yield* visit(rowOf(root.name, root.name, root.path, root.value, 0), [])
}

function fits(row: TreeRow, query: string): boolean {
  if (row.depth > 0 && row.name.toLowerCase().includes(query)) return true
  return row.count === -1 && (typeof row.value === 'string' ? row.value : shortValue(row.value)).toLowerCase().includes(query)
}

function rowOf(id: string, name: string, path: string | undefined, value: Json, depth: number): TreeRow {
  const count = Array.isArray(value) ? value.length : value !== null && typeof value === 'object' ? Object.keys(value).length : -1
  return { id, name, path, value, kind: kindOfValue(value), depth, count, open: false }
}

function* childrenOf(value: Json): Generator<[string | number, Json]> {
  if (Array.isArray(value)) for (let index = 0; index < value.length; index++) yield [index, value[index] ?? null]
  else if (value !== null && typeof value === 'object') yield* Object.entries(value)
}

function below(path: string | undefined, key: string | number) {
  return path === undefined ? undefined : joinPath(path, key)
}
