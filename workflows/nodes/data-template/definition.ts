import { z } from 'zod'
import { fillTemplate } from '#run/data-template/fill-template'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { intoField, putInto } from '../into-field'
import { listOf } from '../list-of'
import { fieldPathParam, shortenExpressions, textOf, valueParam } from '../params'
import type { Part } from './fill-template'

/** A text as it is stored, or worked out for each item with a way to make values safe. */
const part = z.union([z.string(), z.custom<Exclude<Part, string>>((value) => typeof value === 'function')])

const between = [
  { value: 'line', label: 'A new line' },
  { value: 'blank-line', label: 'An empty line' },
  { value: 'comma', label: 'A comma' },
  { value: 'nothing', label: 'Nothing' },
] as const

export const dataTemplate = definePure({
  type: 'data.template',
  version: 1,
  title: 'Text template',
  summary: 'Write a text with values in it, once or for every item of a list.',
  category: 'data',
  icon: 'text-quote',
  keywords: ['text', 'mail', 'message', 'html', 'letter', 'report', 'markdown', 'compose', 'repeat', 'each'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    text: part.default(''),
    form: z.enum(['text', 'html']).default('text'),
    list: valueParam.optional(),
    between: z.enum(['line', 'blank-line', 'comma', 'nothing']).default('line'),
    before: part.default(''),
    after: part.default(''),
    into: fieldPathParam.default(''),
  }),
  perItem: ['text', 'before', 'after'],
  form: {
    text: {
      label: 'Text',
      widget: 'textarea',
      help: 'With a list below, it is written for each item: use item and index.',
      example: '{{ index + 1 }}. {{ item.name }}: {{ item.total }} EUR',
    },
    form: {
      label: 'The text is',
      widget: 'select',
      options: [
        { value: 'text', label: 'Plain text or Markdown' },
        { value: 'html', label: 'HTML: values are made safe' },
      ],
      literal: true,
    },
    list: {
      label: 'For each item of',
      widget: 'expression',
      help: 'Left empty, the text is written once.',
      example: '{{ input.orders }}',
    },
    between: { label: 'Between two items stands', widget: 'select', options: between, advanced: true, literal: true },
    before: {
      label: 'Before the first item',
      widget: 'textarea',
      help: 'Written once, also when the list is empty.',
      example: '<ul>',
      advanced: true,
    },
    after: { label: 'After the last item', widget: 'textarea', example: '</ul>', advanced: true },
    into: { ...intoField, example: 'mail.body' },
  },
  subtitle: (params) => {
    const [line = ''] = shortenExpressions(textOf(params.text)).trim().split('\n')
    return line === '' ? phrase`No text yet` : line
  },
  check: (params) => (textOf(params.text) === '' ? [{ pointer: '/params/text', code: 'param.required', message: 'Write the text.' }] : []),
  sample: '',
  run: ({ params, input }) => {
    const items = params.list === undefined ? null : listOf(params.list, null)
    return { port: 'main', output: putInto(input, params.into, fillTemplate(params, items, input)) }
  },
})
