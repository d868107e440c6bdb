import { forbiddenKeys, type Json } from '../../graph/schema'
import { NodeError } from '../errors'
import type { Fields } from '../field-at'
import { requireItems } from '../list-of'
import { requireCells } from '../require-cells'

export type Delimiter = 'auto' | ',' | ';' | 'tab' | '|'

export interface ReadCsvOptions {
  delimiter: Delimiter
  header: boolean
  types: 'text' | 'guess'
}

/** Items of a CSV text (RFC 4180; lines may end in any way). Without a header each item is a list. Linear in the text. */
export function readCsv(text: string, { delimiter, header, types }: ReadCsvOptions): Json[] {
  const between = delimiter === 'auto' ? guessDelimiter(text) : delimiter === 'tab' ? '\t' : delimiter
  const rows = rowsOf(text, between, header ? 1 : 0)
  const value = types === 'guess' ? guess : (cell: string): Json => cell
  if (!header) return rows.map((row) => row.map(value))
  const [first, ...rest] = rows
  if (!first) return []
  const widest = rest.reduce((most, row) => Math.max(most, row.length), first.length)
  requireCells(first.length, rest.length)
  const names = namesOf(first, widest)
  return rest.map((row) => {
    const item: Fields = {}
    for (const [index, name] of names.entries()) {
      if (index >= first.length && index >= row.length) break
      item[name] = value(row[index] ?? '')
    }
    return item
  })
}

/** `extra` rows are no items. */
function rowsOf(text: string, delimiter: string, extra: number): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  const endRow = () => {
    // An empty line is no row; a line with an empty value and nothing else looks the same.
    if (row.length > 1 || row[0] !== '') rows.push(row)
    requireItems(rows.length - extra, '/params/data')
    row = []
  }
  while (at < text.length) {
    const mark = behindSpaces(text, at)
    if (text[mark] === '"') {
      const { cell, end } = quoted(text, mark, delimiter, rows.length + 1)
      row.push(cell)
      at = end
    } else {
      const end = endOfCell(text, at, delimiter)
      row.push(text.slice(at, end))
      at = end
    }
    if (at >= text.length) break
    if (text[at] === delimiter) {
      at++
      if (at >= text.length) row.push('')
      continue
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    endRow()
  }
  if (row.length > 0) endRow()
  return rows
}

/** Many programs write a space between a comma and a quotation mark. */
function behindSpaces(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}

function endOfCell(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    if (char === delimiter || char === '\n' || char === '\r') return at
  }
  return text.length
}

function quoted(text: string, from: number, delimiter: string, row: number): { cell: string; end: number } {
  const parts: string[] = []
  let start = from + 1
  for (;;) {
    const end = text.indexOf('"', start)
    if (end < 0) {
      throw new NodeError({
        class: 'bad_data',
        code: 'csv.quote',
        message: `A quotation mark in row ${row} is not closed.`,
        hint: 'Inside quotation marks, one is written twice: "".',
        pointer: '/params/data',
        details: text.slice(from, from + 200),
      })
    }
    parts.push(text.slice(start, end))
    if (text[end + 1] !== '"') {
      // Spaces behind the closing mark are common and mean nothing; anything else is kept.
      const after = endOfCell(text, end + 1, delimiter)
      const rest = text.slice(end + 1, after)
      return { cell: parts.join('"') + (rest.trim() === '' ? '' : rest), end: after }
    }
    start = end + 2
  }
}

/** The one that stands most often in the first line that has something, outside quotation marks. */
function guessDelimiter(text: string): string {
  const start = text.slice(0, 100_000).replace(/^[\r\n]+/, '')
  const [line = ''] = start.replace(/(^|[,;\t|\r\n]) *"[^"]*(?:""[^"]*)*"/g, '$1').split(/[\r\n]/, 1)
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, count: line.split(delimiter).length }))
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).delimiter
}

/** Names of `width` columns: each once, none empty or reserved; those behind the first line's end are numbered. */
function namesOf(row: readonly string[], width: number): string[] {
  const taken = new Set<string>()
  const counts = new Map<string, number>()
  return Array.from({ length: width }, (_, index) => {
    const trimmed = row[index]?.trim() ?? ''
    const wanted = trimmed === '' || (forbiddenKeys as readonly string[]).includes(trimmed) ? `column_${index + 1}` : trimmed
    let name = wanted
    let count = counts.get(wanted) ?? 1
    while (taken.has(name)) name = `${wanted}_${++count}`
    counts.set(wanted, count)
    taken.add(name)
    return name
  })
}

/** Only what would be written the same way again: 007, 1e5 and numbers too large to be exact stay as text. */
function guess(cell: string): Json {
  if (cell === '') return null
  if (cell === 'true' || cell === 'TRUE') return true
  if (cell === 'false' || cell === 'FALSE') return false
  if (!/^-?\d{1,16}(\.\d+)?$/.test(cell)) return cell
  const number = Number(cell)
  return String(number) === cell || (cell.includes('.') && number.toFixed(cell.length - cell.indexOf('.') - 1) === cell) ? number : cell
}
