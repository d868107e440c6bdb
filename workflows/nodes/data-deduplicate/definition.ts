import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { createFieldReader } from '../field-at'
import { keyOfAll } from '../key-of'
import { listField } from '../list-field'
import { listOf } from '../list-of'
import { fieldNames, fieldPathsParam, valueParam } from '../params'

export const dataDeduplicate = definePure({
  type: 'data.deduplicate',
  version: 1,
  title: 'Remove duplicates',
  summary: 'Keep one of each: items that are the same, or the same in some fields.',
  category: 'data',
  icon: 'copy-minus',
  keywords: ['unique', 'distinct', 'dedupe', 'duplicates', 'once', 'items'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    list: valueParam.optional(),
    by: fieldPathsParam.default([]),
    keep: z.enum(['first', 'last']).default('first'),
  }),
  form: {
    list: listField,
    by: {
      label: 'Fields to compare',
      widget: 'text',
      help: 'Names with commas between them. Left empty, two items are the same when everything in them is.',
      example: 'email, customer.id',
      literal: true,
    },
    keep: {
      label: 'Keep',
      widget: 'select',
      options: [
        { value: 'first', label: 'The first of them' },
        { value: 'last', label: 'The last of them' },
      ],
      literal: true,
    },
  },
  subtitle: (params) => {
    const names = fieldNames(params.by)
    return names.length === 0 ? phrase`Whole items` : phrase`By ${names.join(', ')}`
  },
  sample: [],
  run: ({ params, input }) => {
    const list = listOf(params.list, input)
    const readers = params.by.length === 0 ? [createFieldReader('')] : params.by.map(createFieldReader)
    const chosen = new Map<string, number>()
    for (const [index, item] of list.entries()) {
      const key = keyOfAll(readers.map((read) => read(item)))
      if (params.keep === 'last' || !chosen.has(key)) chosen.set(key, index)
    }
    const kept = new Set(chosen.values())
    return { port: 'main', output: list.filter((_, index) => kept.has(index)) }
  },
})
