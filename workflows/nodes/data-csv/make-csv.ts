import type { Json } from '../../graph/schema'
import { columnsOf, createColumnReader, createFieldReader, isFields } from '../field-at'
import { requireCells } from '../require-cells'
import type { Delimiter } from './read-csv'

export interface MakeCsvOptions {
  delimiter: Delimiter
  header: boolean
  columns: readonly string[]
  guard: boolean
}

/** A CSV text of objects or of lists, with the line ends of RFC 4180. */
export function makeCsv(items: readonly Json[], { delimiter, header, columns, guard }: MakeCsvOptions): string {
  const between = delimiter === 'auto' ? ',' : delimiter === 'tab' ? '\t' : delimiter
  const line = (values: readonly (Json | undefined)[]): string => values.map((value) => cellOf(value, between, guard)).join(between)
  const names = columns.length > 0 ? columns : columnsOf(items)
  if (names.length === 0) return items.map((item) => line(Array.isArray(item) ? item : [item])).join('\r\n')
  requireCells(names.length, items.length)
  const readers = names.map(columns.length > 0 ? createFieldReader : createColumnReader)
  const lines = items.map((item) => line(isFields(item) ? readers.map((read) => read(item)) : Array.isArray(item) ? item : [item]))
  return (header ? [line(names), ...lines] : lines).join('\r\n')
}

function cellOf(value: Json | undefined, between: string, guard: boolean): string {
  if (value === undefined || value === null) return ''
  const text =
    typeof value === 'string' ? (guard ? guarded(value) : value) : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.includes(between) || /["\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text
}

/** Spreadsheets take what begins like this for a formula, which can reach other files and the network. */
function guarded(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?[\d\s.,()/-]+$/.test(text) ? `'${text}` : text
}
