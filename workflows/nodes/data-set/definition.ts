import { z } from 'zod'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { fieldsParam } from '../params'
import { setField } from './set-field'

export const dataSet = definePure({
  type: 'data.set',
  version: 1,
  title: 'Set fields',
  summary: 'Add, change or pick the fields that go on to the next step.',
  category: 'data',
  icon: 'pencil-ruler',
  keywords: ['edit', 'map', 'transform', 'rename', 'assign', 'fields'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    fields: fieldsParam.default([]),
    keep: z.enum(['input', 'only-set']).default('input'),
  }),
  form: {
    fields: {
      label: 'Fields',
      widget: 'fields',
      help: 'A dot in a name sets a field inside another one.',
      example: 'customer.name',
    },
    keep: {
      label: 'Pass on',
      widget: 'select',
      options: [
        { value: 'input', label: 'The input with these fields' },
        { value: 'only-set', label: 'Only these fields' },
      ],
      literal: true,
    },
  },
  examples: [
    {
      title: 'Pick a few fields',
      help: 'Only these go on; everything else is left behind.',
      params: {
        fields: [
          { name: 'order', value: '{{ input.body.orderId }}' },
          { name: 'customer.name', value: '{{ input.body.customer.name }}' },
        ],
        keep: 'only-set',
      },
    },
    {
      title: 'Add what can be worked out',
      params: { fields: [{ name: 'total', value: '{{ input.quantity * input.price }}' }], keep: 'input' },
    },
  ],
  subtitle: (params) => {
    const names = Array.isArray(params.fields) ? params.fields.flatMap((row) => nameOf(row)) : []
    return names.length === 0 ? phrase`No fields yet` : names.join(', ')
  },
  run: ({ params, input }) => {
    const base: Json = params.keep === 'input' && isObject(input) ? input : {}
    return { port: 'main', output: params.fields.reduce<Json>((value, field) => setField(value, field.name, field.value), base) }
  },
})

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(row: Json): string[] {
  return isObject(row) && typeof row.name === 'string' && row.name !== '' ? [row.name] : []
}
