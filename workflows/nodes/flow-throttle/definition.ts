import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { durationInWords } from '../flow-wait/duration-in-words'
import { numberParam, shortenExpressions, textOf, textParam } from '../params'

export const flowThrottle = defineControl({
  type: 'flow.throttle',
  version: 1,
  control: 'throttle',
  title: 'Throttle',
  summary: 'Let only so many runs pass in a time; the others wait or take another way.',
  category: 'flow',
  icon: 'gauge',
  keywords: ['rate limit', 'limit', 'slow down', 'quota', 'throttling'],
  passesOn: true,
  ports: { in: ['main'], out: (params) => (params.otherwise === 'leave' ? ['main', 'limited'] : ['main']) },
  params: z.object({
    limit: numberParam({ min: 1, max: 1_000, whole: true }).default(1),
    withinMs: numberParam({ min: 1_000, max: 86_400_000 }).default(60_000),
    key: textParam.pipe(z.string().max(500)).default(''),
    otherwise: z.enum(['wait', 'leave']).default('wait'),
  }),
  form: {
    limit: { label: 'How many', widget: 'number', example: '10' },
    withinMs: { label: 'In', widget: 'duration', help: 'A day at most.', example: '1 min' },
    key: {
      label: 'Counted for each',
      widget: 'text',
      help: 'Left empty, all runs of this workflow count together.',
      example: '{{ input.customerId }}',
    },
    otherwise: {
      label: 'One too many',
      widget: 'select',
      options: [
        { value: 'wait', label: 'Waits until it may pass' },
        { value: 'leave', label: 'Goes out by "limited"' },
      ],
      literal: true,
    },
  },
  subtitle: (params) => {
    const within = params.withinMs ?? 60_000
    const time = typeof within === 'number' ? durationInWords(within) : shortenExpressions(textOf(within))
    return phrase`${shortenExpressions(textOf(params.limit ?? 1))} in ${time}`
  },
})
