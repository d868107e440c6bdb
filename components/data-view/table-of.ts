import type { Json } from '@/workflows/graph/schema'
import { joinPath } from './expression-path'
import { shortValue } from './short-value'

export interface Table {
  rows: readonly Json[]
  columns: string[]
  /** Columns that are there but not shown. */
  moreColumns: number
  /** The expression that gives the list, where the value has one. */
  path: string | undefined
}

const columnsAtMost = 50
/** The columns are read off this many rows. */
const rowsLookedAt = 1_000

/** A list of objects as a table; the first list inside an object where it is none itself; one object as one row. */
export function tableOf(value: Json | undefined, path?: string): Table | null {
  const list = listIn(value, path)
  if (!list || list.rows.length === 0) return null
  const names = new Set<string>()
  for (const row of list.rows.slice(0, rowsLookedAt)) for (const name of isObject(row) ? Object.keys(row) : ['value']) names.add(name)
  const columns = [...names]
  return { ...list, columns: columns.slice(0, columnsAtMost), moreColumns: Math.max(0, columns.length - columnsAtMost) }
}

export function cellOf(row: Json, column: string): Json | undefined {
  if (!isObject(row)) return column === 'value' ? row : undefined
  return Object.hasOwn(row, column) ? row[column] : undefined
}

export function pathOfCell(table: Table, index: number, column: string): string | undefined {
  if (table.path === undefined) return undefined
  const row = joinPath(table.path, index)
  return isObject(table.rows[index] ?? null) ? joinPath(row, column) : row
}

/** The places of rows in which a cell has these letters. */
export function* findTableRows(table: Table, query: string): Generator<number | undefined> {
  for (let index = 0; index < table.rows.length; index++) {
    const row = table.rows[index] ?? null
    const values = isObject(row) ? Object.values(row) : [row]
    yield values.some((value) => (typeof value === 'string' ? value : shortValue(value)).toLowerCase().includes(query)) ? index : undefined
  }
}

function listIn(value: Json | undefined, path: string | undefined): { rows: readonly Json[]; path: string | undefined } | null {
  if (Array.isArray(value)) return { rows: value, path }
  if (!isObject(value)) return null
  const found = Object.entries(value).find(([, one]) => Array.isArray(one) && one.some(isObject))
  if (found) return { rows: found[1] as Json[], path: path === undefined ? undefined : joinPath(path, found[0]) }
  return Object.keys(value).length > 0 ? { rows: [value], path: undefined } : null
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
