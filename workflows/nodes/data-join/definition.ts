import { z } from 'zod'
import { joinLists } from '#run/data-join/join-lists'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { fieldNames, fieldPathParam, fieldPathsParam, valueParam } from '../params'
import { twoLists } from '../two-lists'

const kinds = [
  { value: 'inner', label: 'Only items that have a partner' },
  { value: 'left', label: 'All of the first list' },
  { value: 'right', label: 'All of the second list' },
  { value: 'full', label: 'All of both lists' },
] as const

export const dataJoin = definePure({
  type: 'data.join',
  version: 1,
  title: 'Join lists',
  summary: 'Put items of two lists together that have the same value in a field.',
  category: 'data',
  icon: 'combine',
  keywords: ['merge', 'lookup', 'vlookup', 'match', 'enrich', 'inner', 'left', 'outer', 'sql'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    left: valueParam.optional(),
    right: valueParam.optional(),
    leftBy: fieldPathsParam.default([]),
    rightBy: fieldPathsParam.default([]),
    keep: z.enum(['inner', 'left', 'right', 'full']).default('left'),
    into: fieldPathParam.default(''),
    several: z.enum(['all', 'first']).default('all'),
    prefer: z.enum(['left', 'right']).default('right'),
    textNumbers: z.boolean().default(true),
  }),
  form: {
    left: {
      label: 'First list',
      widget: 'expression',
      help: 'Left empty, what came over the first way in.',
      example: '{{ steps.orders }}',
    },
    right: {
      label: 'Second list',
      widget: 'expression',
      help: 'Left empty, what came over the next way in.',
      example: '{{ steps.customers }}',
    },
    leftBy: { label: 'Field in the first list', widget: 'text', help: 'Or several, with commas.', example: 'customer.id', literal: true },
    rightBy: {
      label: 'Field in the second list',
      widget: 'text',
      help: 'Left empty, the same as in the first.',
      example: 'id',
      literal: true,
    },
    keep: { label: 'Keep', widget: 'select', options: kinds, literal: true },
    into: {
      label: 'Put the second item into',
      widget: 'text',
      help: 'The name of a new field. Left empty, its fields stand beside those of the first item.',
      example: 'customer',
      literal: true,
    },
    several: {
      label: 'Where an item has several partners',
      widget: 'select',
      options: [
        { value: 'all', label: 'It comes once with each' },
        { value: 'first', label: 'It takes the first' },
      ],
      advanced: true,
      literal: true,
    },
    prefer: {
      label: 'Where both have a field of the same name',
      widget: 'select',
      options: [
        { value: 'right', label: 'Take that of the second list' },
        { value: 'left', label: 'Take that of the first list' },
      ],
      advanced: true,
      literal: true,
    },
    textNumbers: {
      label: 'Match 5 with "5"',
      widget: 'toggle',
      help: 'For items from a table, where every value is text, beside items from JSON.',
      advanced: true,
    },
  },
  subtitle: (params) => {
    const [left, right] = [fieldNames(params.leftBy), fieldNames(params.rightBy)]
    if (left.length === 0) return phrase`No field yet`
    return right.length === 0 ? phrase`By ${left.join(', ')}` : `${left.join(', ')} = ${right.join(', ')}`
  },
  check: (params) => {
    const [left, right] = [fieldNames(params.leftBy), fieldNames(params.rightBy)]
    if (left.length === 0) {
      return [{ pointer: '/params/leftBy', code: 'param.required', message: 'Name the field that items are matched by.' }]
    }
    return right.length > 0 && right.length !== left.length
      ? [{ pointer: '/params/rightBy', code: 'join.fields', message: 'Name as many fields for the second list as for the first.' }]
      : []
  },
  sample: [],
  run: ({ params, inputs }) => {
    const { left, right } = twoLists({ inputs }, { param: 'left', value: params.left }, { param: 'right', value: params.right })
    return { port: 'main', output: joinLists(left, right, params) }
  },
})
