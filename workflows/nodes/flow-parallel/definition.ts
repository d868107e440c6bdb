import { z } from 'zod'
import { defineControl } from '../define'
import { optionLabel } from '../params'

const ways = [
  { value: 'all', label: 'All branches are done' },
  { value: 'any', label: 'One branch succeeds' },
  { value: 'race', label: 'One branch ends, well or badly' },
] as const

export const flowParallel = defineControl({
  type: 'flow.parallel',
  version: 1,
  control: 'parallel',
  title: 'Parallel',
  summary: 'Run branches side by side and go on when all of them, or the first, are done.',
  category: 'flow',
  icon: 'columns-3',
  keywords: ['all', 'any', 'race', 'concurrent', 'together', 'first', 'fork', 'join'],
  ports: { in: ['main'], out: ['main'] },
  body: { ports: [], gives: [], branches: true },
  params: z.object({ until: z.enum(['all', 'any', 'race']).default('all') }),
  form: { until: { label: 'Go on when', widget: 'select', options: ways, literal: true } },
  subtitle: (params, form) => optionLabel(form.until, params.until ?? 'all'),
})
