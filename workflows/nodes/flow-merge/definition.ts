import { z } from 'zod'
import { mergeInputs } from '#run/flow-merge/merge-inputs'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { fieldPathParam, optionLabel, shortenExpressions, textOf, valueParam } from '../params'

const modes = [
  { value: 'append', label: 'One list after the other' },
  { value: 'by-position', label: 'Items in the same place together' },
  { value: 'by-field', label: 'Items with the same value in a field together' },
  { value: 'all-pairs', label: 'Every item with every other' },
  { value: 'choose', label: 'Only what you choose' },
  { value: 'first', label: 'The first way in that was taken' },
  { value: 'first-to-arrive', label: 'What arrives first, without waiting' },
] as const

export const flowMerge = definePure({
  type: 'flow.merge',
  version: 1,
  title: 'Merge',
  summary: 'Wait for several ways and combine what came over them.',
  category: 'flow',
  icon: 'merge',
  keywords: ['join', 'combine', 'append', 'union', 'together', 'race', 'fastest', 'cross', 'choose'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    mode: z.enum(['append', 'by-position', 'by-field', 'all-pairs', 'choose', 'first', 'first-to-arrive']).default('append'),
    field: fieldPathParam.default(''),
    chosen: valueParam.optional(),
  }),
  form: {
    mode: { label: 'Combine', widget: 'select', options: modes, literal: true },
    field: {
      label: 'Field',
      widget: 'text',
      help: 'The field that both items have; a dot reaches a field inside another one.',
      example: 'customer.id',
      showIf: { param: 'mode', is: ['by-field'] },
      literal: true,
    },
    chosen: {
      label: 'What goes on',
      widget: 'expression',
      help: 'Worked out when all ways in are settled. Left empty, it is what came over the first of them.',
      example: '{{ steps.fetch.body ?? steps.cached }}',
      showIf: { param: 'mode', is: ['choose'] },
    },
  },
  startsWith: (params) => (params.mode === 'first-to-arrive' ? 'first' : 'all'),
  subtitle: (params, form) => {
    if (params.mode === 'by-field') return phrase`By ${textOf(params.field) || phrase`a field`}`
    if (params.mode === 'choose' && textOf(params.chosen)) return shortenExpressions(textOf(params.chosen))
    return optionLabel(form.mode, params.mode ?? 'append')
  },
  check: (params) =>
    params.mode === 'by-field' && !textOf(params.field).trim()
      ? [{ pointer: '/params/field', code: 'param.required', message: 'Name the field that items are matched by.' }]
      : [],
  run: ({ params, input, inputs }) => {
    if (params.mode === 'choose') return { port: 'main', output: params.chosen === undefined ? input : params.chosen }
    const values = inputs.map((one) => one.value)
    return { port: 'main', output: mergeInputs(values, { mode: params.mode, field: params.field }) }
  },
})
