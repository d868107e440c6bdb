import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { listField } from '../list-field'
import { longListOf } from '../list-of'
import { numberParam, textOf, valueParam } from '../params'

export const dataLimit = definePure({
  type: 'data.limit',
  version: 1,
  title: 'Limit',
  summary: 'Keep the first or the last items of a list, or leave some out.',
  category: 'data',
  icon: 'list-end',
  keywords: ['first', 'last', 'top', 'skip', 'cut', 'slice', 'take', 'items', 'page'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    list: valueParam.optional(),
    keep: z.enum(['first', 'last', 'rest']).default('first'),
    count: numberParam({ min: 0, max: 1_000_000_000, whole: true }).default(10),
    skip: numberParam({ min: 0, max: 1_000_000_000, whole: true }).default(0),
  }),
  form: {
    list: listField,
    keep: {
      label: 'Keep',
      widget: 'select',
      options: [
        { value: 'first', label: 'The first items' },
        { value: 'last', label: 'The last items' },
        { value: 'rest', label: 'All but the skipped ones' },
      ],
      literal: true,
    },
    count: { label: 'How many', widget: 'number', showIf: { param: 'keep', is: ['first', 'last'] } },
    skip: { label: 'Skip', widget: 'number', help: 'So many are left out first: from the start, or from the end when the last are kept.' },
  },
  subtitle: (params) => {
    const count = textOf(params.count ?? 10)
    const words =
      params.keep === 'last' ? phrase`The last ${count}` : params.keep === 'rest' ? phrase`The rest` : phrase`The first ${count}`
    return params.skip ? phrase`${words}, after ${textOf(params.skip)}` : words
  },
  sample: [],
  run: ({ params, input }) => {
    const list = longListOf(params.list, input)
    const { keep, count, skip } = params
    if (keep === 'rest') return { port: 'main', output: list.slice(skip) }
    if (keep === 'first') return { port: 'main', output: list.slice(skip, skip + count) }
    const end = Math.max(0, list.length - skip)
    return { port: 'main', output: list.slice(Math.max(0, end - count), end) }
  },
})
