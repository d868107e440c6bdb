import { z } from 'zod'
import { makeCsv } from '#run/data-csv/make-csv'
import { readCsv } from '#run/data-csv/read-csv'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { documentText, requireDocumentSize } from '../document-text'
import { intoField, putInto } from '../into-field'
import { listOf } from '../list-of'
import { fieldPathParam, fieldPathsParam, shortenExpressions, textOf, valueParam } from '../params'

export const dataCsv = definePure({
  type: 'data.csv',
  version: 1,
  title: 'CSV',
  summary: 'Read a CSV text into items, or make a CSV text of items.',
  category: 'data',
  icon: 'sheet',
  keywords: ['table', 'spreadsheet', 'excel', 'comma', 'semicolon', 'parse', 'export', 'import', 'tsv'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    mode: z.enum(['read', 'make']).default('read'),
    data: valueParam.optional(),
    delimiter: z.enum(['auto', ',', ';', 'tab', '|']).default('auto'),
    header: z.boolean().default(true),
    types: z.enum(['text', 'guess']).default('text'),
    columns: fieldPathsParam.default([]),
    guard: z.boolean().default(true),
    into: fieldPathParam.default(''),
  }),
  form: {
    mode: {
      label: 'Do',
      widget: 'select',
      options: [
        { value: 'read', label: 'Read CSV' },
        { value: 'make', label: 'Make CSV' },
      ],
      literal: true,
    },
    data: { label: 'From', widget: 'expression', help: 'Left empty, the input: a text to read, or items.', example: '{{ input.body }}' },
    delimiter: {
      label: 'Between the values stands',
      widget: 'select',
      options: [
        { value: 'auto', label: 'What the text uses' },
        { value: ',', label: 'Comma' },
        { value: ';', label: 'Semicolon' },
        { value: 'tab', label: 'Tab' },
        { value: '|', label: 'Vertical bar' },
      ],
      literal: true,
    },
    header: { label: 'The first line has the names', widget: 'toggle' },
    types: {
      label: 'Values are',
      widget: 'select',
      options: [
        { value: 'text', label: 'Texts, as they stand there' },
        { value: 'guess', label: 'Numbers, true and false where they look like it' },
      ],
      showIf: { param: 'mode', is: ['read'] },
      literal: true,
    },
    columns: {
      label: 'Columns',
      widget: 'text',
      help: 'Fields with commas between them. Left empty, all fields that the items have.',
      example: 'id, customer.name, total',
      showIf: { param: 'mode', is: ['make'] },
      literal: true,
    },
    guard: {
      label: 'Safe to open in a spreadsheet',
      widget: 'toggle',
      help: 'A text that a spreadsheet would take for a formula gets an apostrophe in front.',
      showIf: { param: 'mode', is: ['make'] },
      advanced: true,
    },
    into: { ...intoField, advanced: true },
  },
  subtitle: (params) => {
    // Rows that stand in the node itself are named by their columns.
    const from =
      shortenExpressions(
        textOf(params.data)
          .slice(0, 2_000)
          .split(/[\r\n]/, 1)[0] ?? '',
      ) || phrase`the input`
    return params.mode === 'make' ? phrase`Make of ${from}` : phrase`Read ${from}`
  },
  sample: [],
  run: ({ params, input }) => {
    const data = params.data === undefined ? input : params.data
    if (params.mode === 'read') {
      return { port: 'main', output: putInto(input, params.into, readCsv(documentText(data, 'CSV', '/params/data'), params)) }
    }
    const items = listOf(typeof data === 'object' && data !== null && !Array.isArray(data) ? [data] : data, null, '/params/data')
    requireDocumentSize(items, 'CSV', '/params/data')
    return { port: 'main', output: putInto(input, params.into, makeCsv(items, params)) }
  },
})
