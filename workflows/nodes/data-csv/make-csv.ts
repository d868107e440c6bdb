import type { Json } from '../../graph/schema'
import { createFieldReader, isFields } from '../field-at'
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
  const names = columns.length > 0 ? columns : namesOf(items)
  if (names.length === 0) return items.map((item) => line(Array.isArray(item) ? item : [item])).join('\r\n')
  const readers = names.map(createFieldReader)
  const lines = items.map((item) => line(isFields(item) ? readers.map((read) => read(item)) : Array.isArray(item) ? item : [item]))
  return (header ? [line(names), ...lines] : lines).join('\r\n')
}

function namesOf(items: readonly Json[]): string[] {
  const names = new Set<string>()
  for (const item of items) if (isFields(item)) for (const name of Object.keys(item)) names.add(name)
  return [...names]
}

function cellOf(value: Json | undefined, between: string, guard: boolean): string {
  if (value === undefined || value === null) return ''
  const text =
    typeof value === 'string' ? (guard ? guarded(value) : value) : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.includes(between) || /["\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text
}

/** Spreadsheets take what begins like this for a formula, which can reach other files and the network. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d\s.,()/-]+$/.test(text) ? `'${text}` : text
}
