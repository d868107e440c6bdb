import { z } from 'zod'
import { definePure } from '../define'
import { textOf } from '../params'
import { mergeInputs } from './merge-inputs'

const modes = [
  { value: 'append', label: 'One list after the other' },
  { value: 'by-position', label: 'Items in the same place together' },
  { value: 'by-field', label: 'Items with the same value in a field together' },
  { value: 'first', label: 'The first that came' },
] as const

export const flowMerge = definePure({
  type: 'flow.merge',
  version: 1,
  title: 'Merge',
  summary: 'Wait for several ways and combine what came over them.',
  category: 'flow',
  icon: 'merge',
  keywords: ['join', 'combine', 'append', 'union', 'together'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    mode: z.enum(['append', 'by-position', 'by-field', 'first']).default('append'),
    field: z.string().trim().max(200).default(''),
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
  },
  subtitle: (params) => {
    if (params.mode === 'by-field') return `By ${textOf(params.field) || 'a field'}`
    return modes.find((mode) => mode.value === (params.mode ?? 'append'))?.label ?? ''
  },
  check: (params) =>
    params.mode === 'by-field' && !textOf(params.field).trim()
      ? [{ pointer: '/params/field', code: 'param.required', message: 'Name the field that items are matched by.' }]
      : [],
  run: ({ params, inputs }) => ({
    port: 'main',
    output: mergeInputs(
      inputs.map((one) => one.value),
      params,
    ),
  }),
})
