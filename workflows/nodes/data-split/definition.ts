import { z } from 'zod'
import { splitItems } from '#run/data-split/split-items'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { listField } from '../list-field'
import { fieldNames, fieldPathParam, fieldPathsParam, valueParam } from '../params'

export const dataSplit = definePure({
  type: 'data.split',
  version: 1,
  title: 'Split out',
  summary: 'Turn a list inside an item, or inside many, into items of their own.',
  category: 'data',
  icon: 'list-tree',
  keywords: ['unwind', 'flatten', 'explode', 'expand', 'items', 'lines', 'nested', 'list'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    list: valueParam.optional(),
    field: fieldPathsParam.default([]),
    keep: z.enum(['none', 'others']).default('none'),
    into: fieldPathParam.default(''),
    empty: z.enum(['drop', 'keep']).default('drop'),
  }),
  form: {
    list: { ...listField, label: 'Items', help: 'Left empty, the input: a list, or one item.', example: '{{ input.orders }}' },
    field: {
      label: 'Field with the list',
      widget: 'text',
      help: 'A dot reaches a field inside another one. Several, with commas between them, are taken apart side by side.',
      example: 'order.lines',
      literal: true,
    },
    keep: {
      label: 'Each new item is',
      widget: 'select',
      options: [
        { value: 'none', label: 'What stood in the list' },
        { value: 'others', label: 'The item, with one of the list in the field' },
      ],
      literal: true,
    },
    into: {
      label: 'Put it into',
      widget: 'text',
      help: 'A field of the new item. Left empty, what stood in the list is the item, or takes the list’s place.',
      example: 'line',
      advanced: true,
      literal: true,
    },
    empty: {
      label: 'An item whose list is empty',
      widget: 'select',
      options: [
        { value: 'drop', label: 'Is left out' },
        { value: 'keep', label: 'Stays, with nothing in the field' },
      ],
      showIf: { param: 'keep', is: ['others'] },
      advanced: true,
      literal: true,
    },
  },
  subtitle: (params) => fieldNames(params.field).join(', ') || phrase`No field yet`,
  check: (params) =>
    fieldNames(params.field).length === 0
      ? [{ pointer: '/params/field', code: 'param.required', message: 'Name the field that holds the list.' }]
      : [],
  sample: [],
  run: ({ params, input }) => ({
    port: 'main',
    output: splitItems(params.list === undefined ? input : params.list, { ...params, fields: params.field }),
  }),
})
