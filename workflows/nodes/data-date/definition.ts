import { z } from 'zod'
import { workWithDate } from '#run/data-date/work-with-date'
import { phrase } from '../../words/spoken'
import { definePure } from '../define'
import { intoField, putInto } from '../into-field'
import { fieldPathParam, numberParam, optionLabel, shortenExpressions, textOf, valueParam } from '../params'
import { operationLabels } from './operation-labels'

const units = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const

export const dataDate = definePure({
  type: 'data.date',
  version: 1,
  title: 'Date and time',
  summary: 'Read, write, move or compare dates, in any time zone.',
  category: 'data',
  icon: 'calendar-days',
  keywords: ['format', 'parse', 'add', 'subtract', 'difference', 'now', 'today', 'timestamp', 'zone', 'deadline'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    operation: z.enum(['format', 'add', 'difference', 'start', 'end', 'parts']).default('format'),
    date: valueParam.optional(),
    other: valueParam.optional(),
    amount: numberParam({ min: -1_000_000_000, max: 1_000_000_000 }).default(1),
    unit: z.enum(units).default('days'),
    zone: z.string().trim().max(80).default('UTC'),
    inputForm: z.string().trim().max(100).default(''),
    form: z.string().trim().max(100).default(''),
    into: fieldPathParam.default(''),
  }),
  form: {
    operation: {
      label: 'Do',
      widget: 'select',
      options: operationLabels,
      literal: true,
    },
    date: { label: 'Date', widget: 'date-time', help: 'Left empty, the time of this step.', example: '{{ input.createdAt }}' },
    other: {
      label: 'From',
      widget: 'date-time',
      help: 'The earlier date. Left empty, the time of this step.',
      example: '{{ input.paidAt }}',
      showIf: { param: 'operation', is: ['difference'] },
    },
    amount: { label: 'How much', widget: 'number', help: 'Less than 0 goes back.', showIf: { param: 'operation', is: ['add'] } },
    unit: {
      label: 'Unit',
      widget: 'select',
      options: units.map((unit) => ({ value: unit, label: `${unit[0]?.toUpperCase()}${unit.slice(1)}` })),
      showIf: { param: 'operation', is: ['add', 'difference', 'start', 'end'] },
      literal: true,
    },
    zone: {
      label: 'Time zone',
      widget: 'time-zone',
      help: 'Days, months and hours are those of this zone; a date without a zone is taken to be in it.',
      example: 'Europe/Amsterdam',
    },
    form: {
      label: 'Write it as',
      widget: 'text',
      help: 'yyyy, MM, dd, HH, mm, ss; LLLL and cccc for names. Left empty, ISO, as programs exchange it.',
      example: 'dd.MM.yyyy HH:mm',
      showIf: { param: 'operation', is: ['format', 'add', 'start', 'end'] },
      literal: true,
    },
    inputForm: {
      label: 'The date is written as',
      widget: 'text',
      help: 'Only where it is neither ISO nor milliseconds. X stands for seconds since 1970.',
      example: 'dd.MM.yyyy',
      advanced: true,
      literal: true,
    },
    into: intoField,
  },
  subtitle: (params, form) => {
    const label = optionLabel(form.operation, params.operation ?? 'format')
    const date = shortenExpressions(textOf(params.date)) || phrase`now`
    if (params.operation === 'add')
      return `${date} + ${textOf(params.amount ?? 1)} ${optionLabel(form.unit, params.unit ?? 'days').toLowerCase()}`
    return `${label}: ${date}`
  },
  check: (params) =>
    (['form', 'inputForm'] as const).flatMap((name) =>
      hasForeignLetters(textOf(params[name]))
        ? [
            {
              pointer: `/params/${name}`,
              code: 'date.letters',
              message: 'Years are written yyyy and days dd here; YYYY and DD mean something else.',
              severity: 'warning' as const,
            },
          ]
        : [],
    ),
  sample: '2026-03-09T14:05:00.000Z',
  run: ({ params, input, now }) => ({ port: 'main', output: putInto(input, params.into, workWithDate(params, now)) }),
})

/** `YYYY-MM-DD`, as other programs have it. `D` alone is a whole date, so it never stands beside months and years. */
function hasForeignLetters(form: string): boolean {
  const letters = form.replace(/'[^']*'/g, '')
  return letters.includes('Y') || (letters.includes('D') && /[yML]/.test(letters))
}
