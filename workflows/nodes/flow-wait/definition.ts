import { z } from 'zod'
import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import { defineControl } from '../define'
import { numberParam, optionLabel, shortenExpressions, textOf, textParam } from '../params'
import { durationInWords } from './duration-in-words'

export const flowWait = defineControl({
  type: 'flow.wait',
  version: 1,
  control: 'wait',
  title: 'Wait',
  summary: 'Pause the run for a time, until a date or until a time of day; it costs nothing while it waits.',
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
  passesOn: true,
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    mode: z.enum(['for', 'until', 'time', 'weekday']).default('for'),
    durationMs: numberParam({ min: 0, max: limits.runWaitMs }).default(60_000),
    until: z.string().optional(),
    weekday: z.enum(['workday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']).default('workday'),
    time: textParam
      .pipe(
        z
          .string()
          .trim()
          .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'Give a time such as 08:00.'),
      )
      .default('08:00'),
    timeZone: z.string().max(80).default(''),
  }),
  form: {
    mode: {
      label: 'Wait',
      widget: 'select',
      options: [
        { value: 'for', label: 'For a time' },
        { value: 'until', label: 'Until a date' },
        { value: 'time', label: 'Until a time of day' },
        { value: 'weekday', label: 'Until a day of the week' },
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
    weekday: {
      label: 'Day',
      widget: 'select',
      options: [
        { value: 'workday', label: 'Next working day (Monday to Friday)' },
        { value: 'monday', label: 'Monday' },
        { value: 'tuesday', label: 'Tuesday' },
        { value: 'wednesday', label: 'Wednesday' },
        { value: 'thursday', label: 'Thursday' },
        { value: 'friday', label: 'Friday' },
        { value: 'saturday', label: 'Saturday' },
        { value: 'sunday', label: 'Sunday' },
      ],
      showIf: { param: 'mode', is: ['weekday'] },
      literal: true,
    },
    time: {
      label: 'Time of day',
      widget: 'text',
      help: 'The next one: today where it is still to come.',
      example: '08:00',
      showIf: { param: 'mode', is: ['time', 'weekday'] },
    },
    timeZone: {
      label: 'Time zone',
      widget: 'time-zone',
      help: 'Left empty, the time zone of the organization.',
      showIf: { param: 'mode', is: ['time', 'weekday'] },
      literal: true,
    },
  },
  examples: [
    { title: 'Wait an hour', params: { mode: 'for', durationMs: 3_600_000 } },
    { title: 'Wait until a date from the data', params: { mode: 'until', until: '{{ input.dueDate }}' } },
  ],
  subtitle: (params, form) => {
    if (params.mode === 'until') return phrase`Until ${shortDate(shortenExpressions(textOf(params.until))) || phrase`a date`}`
    if (params.mode === 'time' || params.mode === 'weekday') {
      const time = shortenExpressions(textOf(params.time)) || '08:00'
      if (params.mode === 'time') return phrase`Until ${time}`
      const day = (params.weekday ?? 'workday') === 'workday' ? phrase`workday` : optionLabel(form.weekday, params.weekday)
      return phrase`Until ${day} ${time}`
    }
    const duration = params.durationMs ?? 60_000
    return phrase`For ${typeof duration === 'number' ? durationInWords(duration) : shortenExpressions(textOf(duration))}`
  },
  check: (params) =>
    params.mode === 'until' && !textOf(params.until).trim()
      ? [{ pointer: '/params/until', code: 'param.required', message: 'Say until which date it waits.' }]
      : [],
})

/** Of a date that was chosen, its day and time on the clock there. */
function shortDate(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*(?:Z|[+-]\d\d:\d\d)?(?:\[[^\]]*\])?$/, '$1 $2')
}
