import { z } from 'zod'
import { sortItems } from '#run/data-sort/sort-items'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { isFields } from '../field-at'
import { listField } from '../list-field'
import { listOf } from '../list-of'
import { fieldPathParam, valueParam } from '../params'

export const dataSort = definePure({
  type: 'data.sort',
  version: 1,
  title: 'Sort',
  summary: 'Put the items of a list in order, by one field or several.',
  category: 'data',
  icon: 'arrow-up-narrow-wide',
  keywords: ['order', 'rank', 'ascending', 'descending', 'list', 'items'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    list: valueParam.optional(),
    by: z
      .array(
        z.object({
          field: fieldPathParam.default(''),
          direction: z.enum(['ascending', 'descending']).default('ascending'),
          as: z.enum(['natural', 'number', 'text']).default('natural'),
        }),
      )
      .max(20, 'Sort by 20 fields at most.')
      .default([]),
  }),
  form: {
    list: listField,
    by: {
      label: 'Sort by',
      widget: 'rows',
      help: 'The first field decides, the next one between equals. Without a field the items themselves are compared.',
      columns: [
        { key: 'field', label: 'Field', example: 'customer.name' },
        {
          key: 'direction',
          label: 'Direction',
          options: [
            { value: 'ascending', label: 'Small to large' },
            { value: 'descending', label: 'Large to small' },
          ],
        },
        {
          key: 'as',
          label: 'Compare as',
          options: [
            { value: 'natural', label: 'Numbers and words' },
            { value: 'number', label: 'Numbers only' },
            { value: 'text', label: 'Exact text' },
          ],
        },
      ],
      literal: true,
    },
  },
  subtitle: (params) => {
    const rows = Array.isArray(params.by) ? params.by : []
    const names = rows.flatMap((row: Json) => (isFields(row) && typeof row.field === 'string' && row.field !== '' ? [row.field] : []))
    return names.length === 0 ? phrase`By the items themselves` : phrase`By ${names.join(', ')}`
  },
  sample: [],
  run: ({ params, input }) => ({ port: 'main', output: sortItems(listOf(params.list, input), params.by) }),
})
