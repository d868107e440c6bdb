import { z } from 'zod'
import { makeJson, readJsonText } from '#run/data-json/json-text'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { intoField, putInto } from '../into-field'
import { fieldPathParam, shortenExpressions, textOf, valueParam } from '../params'

export const dataJson = definePure({
  type: 'data.json',
  version: 1,
  title: 'JSON',
  summary: 'Read a JSON text into data, or make a JSON text of data.',
  category: 'data',
  icon: 'braces',
  keywords: ['parse', 'stringify', 'convert', 'ndjson', 'lines', 'text'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    mode: z.enum(['read', 'make']).default('read'),
    data: valueParam.optional(),
    form: z.enum(['one', 'lines']).default('one'),
    indent: z.boolean().default(false),
    into: fieldPathParam.default(''),
  }),
  form: {
    mode: {
      label: 'Do',
      widget: 'select',
      options: [
        { value: 'read', label: 'Read JSON' },
        { value: 'make', label: 'Make JSON' },
      ],
      literal: true,
    },
    data: { label: 'From', widget: 'expression', help: 'Left empty, the input.', example: '{{ input.body }}' },
    form: {
      label: 'The text is',
      widget: 'select',
      options: [
        { value: 'one', label: 'One value' },
        { value: 'lines', label: 'A value on each line' },
      ],
      literal: true,
    },
    indent: { label: 'Indented, for people', widget: 'toggle', showIf: { param: 'mode', is: ['make'] } },
    into: intoField,
  },
  subtitle: (params) => {
    const from = shortenExpressions(textOf(params.data)) || phrase`the input`
    return params.mode === 'make' ? phrase`Make of ${from}` : phrase`Read ${from}`
  },
  run: ({ params, input }) => {
    const data = params.data === undefined ? input : params.data
    const result = params.mode === 'read' ? readJsonText(data, params) : makeJson(data, params)
    return { port: 'main', output: putInto(input, params.into, result) }
  },
})
