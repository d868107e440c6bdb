import { asPlainText } from '../../graph/expressions/plain-text'
import type { Json } from '../../graph/schema'
import { limits } from '../../limits'
import { NodeError } from '../errors'
import { readCsv } from './read-csv'

export type FromCsvFile = { ok: true; params: Record<string, Json>; title: string } | { ok: false; message: string }

/** What a node holds beside the rows: its name, place and settings. */
const aroundRows = 4 * 1024
/** The lines that tell whether a pasted text is a table. */
const looked = 20

/** Whether the file's name says that it holds a table. */
export function isCsvFile(name: string): boolean {
  return /\.(?:csv|tsv)$/i.test(name)
}

/** Whether a text reads as a table: lines of two cells or more, as many in each. What begins like JSON is none. */
export function isTable(text: string): boolean {
  if (/^\s*[[{<]/.test(text)) return false
  const start = text.slice(0, 64 * 1024).split(/\r\n|\n|\r/, looked + 1)
  try {
    const rows = readCsv(start.slice(0, looked).join('\n'), { delimiter: 'auto', header: false, types: 'text' })
    const width = Array.isArray(rows[0]) ? rows[0].length : 0
    return rows.length > 1 && width > 1 && rows.every((row) => Array.isArray(row) && row.length === width)
  } catch {
    return false
  }
}

/** A CSV node that holds the rows of a file or of cells that were copied; `bytes` is the file's size where only its beginning was read. */
export function fromCsvFile(name: string | null, text: string, bytes = new TextEncoder().encode(text).length): FromCsvFile {
  const file = name === null ? 'This table' : `“${name.slice(0, limits.nameLength)}”`
  if (bytes > limits.nodeBytes - aroundRows) {
    return {
      ok: false,
      message: `${file} has ${sizeInWords(bytes)}, and a node holds at most ${limits.nodeBytes / 1024} KB. Put it where an HTTP request can fetch it, and read the answer with a CSV node.`,
    }
  }
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (plain.includes('\u0000')) return { ok: false, message: `${file} is not a text. Save it as CSV in UTF-8 first.` }
  try {
    if (readCsv(plain, { delimiter: 'auto', header: true, types: 'guess' }).length === 0) {
      return { ok: false, message: `${file} has no rows below its first line. The first line is read as the names of the columns.` }
    }
  } catch (error) {
    if (error instanceof NodeError) return { ok: false, message: `${file}: ${error.message}` }
    throw error
  }
  const title = name?.replace(/\.[a-z]+$/i, '').trim() || 'Table'
  return { ok: true, title: title.slice(0, 60), params: { mode: 'read', types: 'guess', data: asPlainText(plain) } }
}

function sizeInWords(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
