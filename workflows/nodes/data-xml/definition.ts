import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineEffect } from '../define'
import { intoField } from '../into-field'
import { fieldPathParam, fieldPathsParam, shortenExpressions, textOf, textParam, valueParam } from '../params'

/** An effect only so that its reader stays out of the browser: it changes nothing and may be repeated. */
export const dataXml = defineEffect({
  type: 'data.xml',
  version: 1,
  title: 'XML',
  summary: 'Read an XML text into data, or make an XML text of data.',
  category: 'data',
  icon: 'file-code',
  keywords: ['parse', 'soap', 'rss', 'feed', 'convert', 'invoice', 'ubl', 'element'],
  ports: { in: ['main'], out: ['main'] },
  timeoutMs: 5_000,
  safe: () => true,
  retry: { attempts: 1 },
  params: z.object({
    mode: z.enum(['read', 'make']).default('read'),
    data: valueParam.optional(),
    lists: fieldPathsParam.default([]),
    prefixes: z.enum(['keep', 'drop']).default('keep'),
    root: textParam.default('root'),
    indent: z.boolean().default(false),
    into: fieldPathParam.default(''),
  }),
  form: {
    mode: {
      label: 'Do',
      widget: 'select',
      options: [
        { value: 'read', label: 'Read XML' },
        { value: 'make', label: 'Make XML' },
      ],
      literal: true,
    },
    data: { label: 'From', widget: 'expression', help: 'Left empty, the input: a text to read, or data.', example: '{{ input.body }}' },
    lists: {
      label: 'Always a list',
      widget: 'text',
      help: 'Names of elements with commas between them. Others become a list only where they stand there more than once.',
      example: 'item, line',
      showIf: { param: 'mode', is: ['read'] },
      literal: true,
    },
    prefixes: {
      label: 'Prefixes of names',
      widget: 'select',
      options: [
        { value: 'keep', label: 'Stay: soap:Body' },
        { value: 'drop', label: 'Are left out: Body' },
      ],
      showIf: { param: 'mode', is: ['read'] },
      advanced: true,
      literal: true,
    },
    root: {
      label: 'Outermost element',
      widget: 'text',
      help: 'Used where the data is not one object with one field.',
      example: 'orders',
      showIf: { param: 'mode', is: ['make'] },
    },
    indent: { label: 'Indented, for people', widget: 'toggle', showIf: { param: 'mode', is: ['make'] } },
    into: { ...intoField, advanced: true },
  },
  subtitle: (params) => {
    const from = shortenExpressions(textOf(params.data)) || phrase`the input`
    return params.mode === 'make' ? phrase`Make of ${from}` : phrase`Read ${from}`
  },
  sample: {},
})
