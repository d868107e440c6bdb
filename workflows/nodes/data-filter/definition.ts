import { z } from 'zod'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { type Condition, combineSchema, conditionsHold, conditionsSchema, describeConditions, ignoreCaseField } from '../conditions'
import { definePure } from '../define'
import { NodeError } from '../errors'
import { listField } from '../list-field'
import { listOf } from '../list-of'
import { valueParam } from '../params'

/** Evaluated anew for each item, with `item` and `index` set. */
type PerItem = (item: Json, index: number) => unknown
const perItem = z.custom<PerItem>((value) => typeof value === 'function')

export const dataFilter = definePure({
  type: 'data.filter',
  version: 1,
  title: 'Filter',
  summary: 'Keep the items of a list that meet conditions.',
  category: 'data',
  icon: 'list-filter',
  keywords: ['where', 'keep', 'remove', 'list', 'items', 'select', 'only', 'ones', 'exclude'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    list: valueParam.optional(),
    conditions: z.union([conditionsSchema, perItem]).default([]),
    combine: combineSchema,
    ignoreCase: z.boolean().default(false),
  }),
  perItem: ['conditions'],
  form: {
    list: listField,
    conditions: {
      label: 'Keep an item when',
      widget: 'conditions',
      help: 'Use item for the item that is looked at.',
      example: '{{ item.total }} is greater than 100',
    },
    combine: {
      label: 'Conditions that must hold',
      widget: 'select',
      options: [
        { value: 'all', label: 'All of them' },
        { value: 'any', label: 'Any of them' },
      ],
      literal: true,
    },
    ignoreCase: ignoreCaseField,
  },
  examples: [
    {
      title: 'Keep large orders',
      params: { list: '{{ input.orders }}', conditions: [{ left: '{{ item.total }}', operator: 'greater', right: '100' }], combine: 'all' },
    },
    {
      title: 'Keep what has an e-mail address',
      params: { conditions: [{ left: '{{ item.email }}', operator: 'is_not_empty', right: '' }], combine: 'all' },
    },
  ],
  subtitle: (params) => describeConditions(params.conditions, params.combine) || phrase`Keeps everything`,
  check: (params) =>
    Array.isArray(params.conditions) && params.conditions.length > 0
      ? []
      : [{ pointer: '/params/conditions', code: 'param.required', message: 'Add a condition, or every item is kept.' }],
  sample: [],
  run: ({ params, input }) => {
    const list = listOf(params.list, input)
    const conditionsFor = (item: Json, index: number): Condition[] =>
      typeof params.conditions === 'function' ? readConditions(params.conditions(item, index)) : params.conditions
    return { port: 'main', output: list.filter((item, index) => conditionsHold(conditionsFor(item, index), params.combine, params)) }
  },
})

function readConditions(value: unknown): Condition[] {
  const read = conditionsSchema.safeParse(value)
  if (read.success) return read.data
  throw new NodeError({
    class: 'bad_data',
    code: 'filter.conditions',
    message: 'What stands in "Keep an item when" is no list of conditions.',
    hint: 'Enter the conditions one by one.',
    pointer: '/params/conditions',
  })
}
