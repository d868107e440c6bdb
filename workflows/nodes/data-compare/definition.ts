import { z } from 'zod'
import { compareLists } from '#run/data-compare/compare-lists'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { fieldNames, fieldPathsParam, valueParam } from '../params'
import { twoLists } from '../two-lists'

export const dataCompare = definePure({
  type: 'data.compare',
  version: 1,
  title: 'Compare lists',
  summary: 'Find out what was added, removed or changed between two lists.',
  category: 'data',
  icon: 'git-compare-arrows',
  keywords: ['difference', 'diff', 'changes', 'sync', 'added', 'removed', 'datasets'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    before: valueParam.optional(),
    after: valueParam.optional(),
    by: fieldPathsParam.default([]),
    ignore: fieldPathsParam.default([]),
    textNumbers: z.boolean().default(true),
  }),
  form: {
    before: {
      label: 'Old list',
      widget: 'expression',
      help: 'Left empty, what came over the first way in.',
      example: '{{ steps.stored.items }}',
    },
    after: {
      label: 'New list',
      widget: 'expression',
      help: 'Left empty, what came over the next way in.',
      example: '{{ steps.fetch.body }}',
    },
    by: {
      label: 'Items are the same by',
      widget: 'text',
      help: 'The field or fields that tell which item is which, with commas between them. Left empty, whole items are compared and nothing counts as changed.',
      example: 'id',
      literal: true,
    },
    ignore: {
      label: 'Changes that do not count',
      widget: 'text',
      help: 'Fields, with commas between them.',
      example: 'updatedAt',
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
    const names = fieldNames(params.by)
    return names.length === 0 ? phrase`Whole items` : phrase`By ${names.join(', ')}`
  },
  sample: { added: [], removed: [], changed: [], same: [] },
  run: ({ params, inputs }) => {
    const { left, right } = twoLists({ inputs }, { param: 'before', value: params.before }, { param: 'after', value: params.after })
    return { port: 'main', output: compareLists(left, right, params) }
  },
})
