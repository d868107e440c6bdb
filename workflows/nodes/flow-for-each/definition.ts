import { z } from 'zod'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { numberParam, shortenExpressions, textOf } from '../params'

export const flowForEach = defineControl({
  type: 'flow.for_each',
  version: 1,
  control: 'for_each',
  title: 'For each',
  summary: 'Run the steps inside once for every item of a list.',
  category: 'flow',
  icon: 'list-tree',
  keywords: ['loop', 'items', 'iterate', 'map', 'batch', 'list', 'split'],
  ports: { in: ['main'], out: ['main'] },
  body: { ports: [], gives: ['item', 'index'] },
  perItem: ['itemKey'],
  params: z.object({
    items: z.json().optional(),
    batchSize: numberParam({ min: 1, max: limits.listItems, whole: true }).default(1),
    concurrency: numberParam({ min: 1, max: limits.itemsAtOnce, whole: true }).default(1),
    onItemError: z.enum(['fail', 'skip', 'collect']).default('fail'),
    attempts: numberParam({ min: 1, max: 20, whole: true }).default(1),
    retryDelayMs: numberParam({ min: 0, max: 86_400_000 }).default(1_000),
    itemKey: z.unknown().optional(),
  }),
  form: {
    items: { label: 'List', widget: 'expression', help: 'Left empty, the input itself is the list.', example: '{{ input.orders }}' },
    batchSize: {
      label: 'Items together',
      widget: 'number',
      help: 'With more than 1, the steps inside get a list of so many items each time.',
      advanced: true,
    },
    concurrency: { label: 'Items at once', widget: 'number', help: `1 goes through them in order; ${limits.itemsAtOnce} at most.` },
    onItemError: {
      label: 'When an item fails',
      widget: 'select',
      options: [
        { value: 'fail', label: 'Stop with its error' },
        { value: 'skip', label: 'Go on without it' },
        { value: 'collect', label: 'Go on and hand over the errors' },
      ],
      help: 'The last one gives results and errors side by side.',
      literal: true,
    },
    attempts: { label: 'Tries for each item', widget: 'number', help: 'Everything inside is done again for that item.', advanced: true },
    retryDelayMs: { label: 'Time before the next try', widget: 'duration', advanced: true },
    itemKey: {
      label: 'What tells items apart',
      widget: 'expression',
      help: 'Keeps what is sent outside the same when the list changes its order and the run is run again.',
      example: '{{ item.id }}',
      advanced: true,
    },
  },
  subtitle: (params) => {
    const list = shortenExpressions(textOf(params.items)) || phrase`the input`
    return typeof params.batchSize === 'number' && params.batchSize > 1
      ? phrase`${params.batchSize} of ${list} at a time`
      : phrase`Item of ${list}`
  },
  sample: [],
})
