import { z } from 'zod'
import { limits } from '../../limits'
import { defineControl } from '../define'
import { numberParam, shortenExpressions, textOf } from '../params'
import { durationInWords } from './duration-in-words'

export const flowWait = defineControl({
  type: 'flow.wait',
  version: 1,
  control: 'wait',
  title: 'Wait',
  summary: 'Pause the run for a time or until a date; it costs nothing while it waits.',
  category: 'flow',
  icon: 'hourglass',
  keywords: [
    'delay',
    'sleep',
    'pause',
    'timer',
    'until',
    'date',
    'later',
    'tomorrow',
    'monday',
    'tuesday',
    'wednesday',
    'thursday',
    'friday',
    'weekday',
    'minutes',
    'hours',
    'days',
  ],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    mode: z.enum(['for', 'until']).default('for'),
    durationMs: numberParam({ min: 0, max: limits.runWaitMs }).default(60_000),
    until: z.string().optional(),
  }),
  form: {
    mode: {
      label: 'Wait',
      widget: 'select',
      options: [
        { value: 'for', label: 'For a time' },
        { value: 'until', label: 'Until a date' },
      ],
      literal: true,
    },
    durationMs: {
      label: 'How long',
      widget: 'duration',
      help: '30 days at most.',
      example: '5 min',
      showIf: { param: 'mode', is: ['for'] },
    },
    until: {
      label: 'Until',
      widget: 'date-time',
      help: 'A date in the past does not wait at all.',
      example: '{{ input.dueDate }}',
      showIf: { param: 'mode', is: ['until'] },
    },
  },
  subtitle: (params) => {
    if (params.mode === 'until') return `Until ${shortenExpressions(textOf(params.until)) || 'a date'}`
    const duration = params.durationMs ?? 60_000
    return typeof duration === 'number' ? `For ${durationInWords(duration)}` : `For ${shortenExpressions(textOf(duration))}`
  },
  check: (params) =>
    params.mode === 'until' && !textOf(params.until).trim()
      ? [{ pointer: '/params/until', code: 'param.required', message: 'Say until which date it waits.' }]
      : [],
})
