import type { Json } from '../../graph/schema'
import { escapeHtml } from '../escape-html'
import { columnsOf, createColumnReader, createFieldReader, isFields } from '../field-at'
import { requireCells } from '../require-cells'

/** A plain HTML table; what the items hold is escaped, so it cannot become part of the page. */
export function makeTable(items: readonly Json[], columns: readonly string[]): string {
  const names = columns.length > 0 ? columns : columnsOf(items)
  requireCells(names.length, items.length)
  const row = (cells: readonly string[]): string => `<tr>${cells.join('')}</tr>`
  const readers = names.map(columns.length > 0 ? createFieldReader : createColumnReader)
  const head = names.length === 0 ? '' : `<thead>${row(names.map((name) => `<th>${escapeHtml(name)}</th>`))}</thead>`
  const body = items.map((item) => {
    const values = isFields(item) ? readers.map((read) => read(item)) : Array.isArray(item) ? item : [item]
    return row(values.map((value) => `<td>${escapeHtml(textOf(value))}</td>`))
  })
  return `<table>${head}<tbody>${body.join('')}</tbody></table>`
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
