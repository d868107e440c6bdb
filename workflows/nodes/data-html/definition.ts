import { z } from 'zod'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { defineEffect } from '../define'
import { isFields } from '../field-at'
import { intoField } from '../into-field'
import { fieldPathParam, fieldPathsParam, shortenExpressions, textOf, textParam, valueParam } from '../params'

const isExtract = { param: 'mode', is: ['extract'] } as const

/** An effect only so that its reader stays out of the browser: it changes nothing and may be repeated. */
export const dataHtml = defineEffect({
  type: 'data.html',
  version: 1,
  title: 'HTML',
  summary: 'Take values out of a web page, or make a table for a mail.',
  category: 'data',
  icon: 'code',
  keywords: ['scrape', 'extract', 'selector', 'css', 'page', 'table', 'website', 'parse', 'text'],
  ports: { in: ['main'], out: ['main'] },
  timeoutMs: 5_000,
  safe: () => true,
  retry: { attempts: 1 },
  params: z.object({
    mode: z.enum(['extract', 'text', 'table']).default('extract'),
    data: valueParam.optional(),
    each: textParam.pipe(z.string().trim().max(500)).default(''),
    values: z
      .array(
        z.object({
          name: fieldPathParam.pipe(z.string().min(1, 'Give the value a name.')),
          selector: z.string().trim().max(500).default(''),
          take: z.enum(['text', 'html', 'attribute']).default('text'),
          attribute: z.string().trim().max(100).default(''),
          many: z.enum(['first', 'all']).default('first'),
        }),
      )
      .max(50, 'Take 50 values at most.')
      .default([]),
    base: textParam.pipe(z.string().trim().max(2_000)).default(''),
    columns: fieldPathsParam.default([]),
    into: fieldPathParam.default(''),
  }),
  form: {
    mode: {
      label: 'Do',
      widget: 'select',
      options: [
        { value: 'extract', label: 'Take values out' },
        { value: 'text', label: 'Turn it into plain text' },
        { value: 'table', label: 'Make a table of items' },
      ],
      literal: true,
    },
    data: { label: 'From', widget: 'expression', help: 'Left empty, the input: a text with HTML, or items.', example: '{{ input.body }}' },
    each: {
      label: 'An item for each',
      widget: 'text',
      help: 'A CSS selector. Left empty, the whole page is one item.',
      example: 'table.orders tbody tr',
      showIf: isExtract,
    },
    values: {
      label: 'Values',
      widget: 'rows',
      help: 'Selectors look inside the item; without one, the item itself is meant.',
      columns: [
        { key: 'name', label: 'Name', example: 'price' },
        { key: 'selector', label: 'CSS selector', example: '.price' },
        {
          key: 'take',
          label: 'Take',
          options: [
            { value: 'text', label: 'Text' },
            { value: 'html', label: 'HTML' },
            { value: 'attribute', label: 'Attribute' },
          ],
        },
        { key: 'attribute', label: 'Attribute', example: 'href', showIf: { column: 'take', is: ['attribute'] } },
        {
          key: 'many',
          label: 'How many',
          options: [
            { value: 'first', label: 'The first' },
            { value: 'all', label: 'All, as a list' },
          ],
        },
      ],
      showIf: isExtract,
      literal: true,
    },
    base: {
      label: 'Address of the page',
      widget: 'text',
      help: 'Makes whole addresses of href and src.',
      example: 'https://shop.example.com/orders',
      showIf: isExtract,
      advanced: true,
    },
    columns: {
      label: 'Columns',
      widget: 'text',
      help: 'Fields with commas between them. Left empty, all fields that the items have.',
      example: 'id, customer.name, total',
      showIf: { param: 'mode', is: ['table'] },
      literal: true,
    },
    into: { ...intoField, advanced: true },
  },
  subtitle: (params) => {
    const from = shortenExpressions(textOf(params.data)) || phrase`the input`
    if (params.mode === 'text') return phrase`Text of ${from}`
    if (params.mode === 'table') return phrase`Table of ${from}`
    const rows = Array.isArray(params.values) ? params.values : []
    return rows.flatMap((row: Json) => (isFields(row) && textOf(row.name) ? [textOf(row.name)] : [])).join(', ') || phrase`No values yet`
  },
  check: (params) =>
    (params.mode ?? 'extract') === 'extract' && !(Array.isArray(params.values) && params.values.length > 0)
      ? [{ pointer: '/params/values', code: 'param.required', message: 'Say which values to take out.' }]
      : [],
  sample: {},
})
