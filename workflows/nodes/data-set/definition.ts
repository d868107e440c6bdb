import { z } from 'zod'
import { mergeJson } from '#run/data-set/merge-json'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { fieldsParam, valueParam } from '../params'
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
    mode: z.enum(['fields', 'json']).default('fields'),
    fields: fieldsParam.default([]),
    json: valueParam.optional(),
    keep: z.enum(['input', 'only-set']).default('input'),
  }),
  form: {
    mode: {
      label: 'Written as',
      widget: 'select',
      options: [
        { value: 'fields', label: 'One field after the other' },
        { value: 'json', label: 'JSON' },
      ],
      literal: true,
    },
    fields: {
      label: 'Fields',
      widget: 'fields',
      showIf: { param: 'mode', is: ['fields'] },
      help: 'A dot in a name sets a field inside another one.',
      example: 'customer.name',
    },
    json: {
      label: 'JSON',
      widget: 'json',
      help: 'An object with expressions in its texts. Passed on alone, it may be a list or any other value too.',
      example: '{ "customer": { "id": "{{ input.id }}" }, "tags": ["new"] }',
      showIf: { param: 'mode', is: ['json'] },
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
    {
      title: 'Write a whole object as JSON',
      help: 'For example the body that another service expects.',
      params: { mode: 'json', json: { order: { id: '{{ input.id }}', lines: '{{ input.lines }}' }, source: 'web' }, keep: 'only-set' },
    },
  ],
  subtitle: (params) => {
    if (params.mode === 'json')
      return isObject(params.json ?? null) ? Object.keys(params.json as object).join(', ') || phrase`No fields yet` : 'JSON'
    const names = Array.isArray(params.fields) ? params.fields.flatMap((row) => nameOf(row)) : []
    return names.length === 0 ? phrase`No fields yet` : names.join(', ')
  },
  sampleFor: ({ fields }) => {
    const rows = Array.isArray(fields) ? fields.filter(isObject) : []
    if (rows.length === 0) return undefined
    return rows.reduce<Json>((value, row) => {
      const isKnown = typeof row.value !== 'string' || !row.value.includes('{{')
      return nameOf(row).reduce<Json>((made, name) => setField(made, name, isKnown ? (row.value ?? null) : null), value)
    }, {})
  },
  run: ({ params, input }) => {
    if (params.mode === 'json') return { port: 'main', output: mergeJson(params.json ?? null, input, params.keep) }
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
