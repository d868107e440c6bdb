import { z } from 'zod'
import { aggregateItems } from '#run/data-aggregate/aggregate-items'
import type { Json } from '../../graph/schema'
import { phrase } from '../../words/spoken'
import { definePure, type Form } from '../define'
import { isFields } from '../field-at'
import { listField } from '../list-field'
import { listOf } from '../list-of'
import { fieldNames, fieldPathParam, fieldPathsParam, optionLabel, textOf, valueParam } from '../params'
import { operations } from './operations'

export const dataAggregate = definePure({
  type: 'data.aggregate',
  version: 1,
  title: 'Aggregate',
  summary: 'Count, add up or collect the items of a list, all together or by group.',
  category: 'data',
  icon: 'sigma',
  keywords: ['group', 'summarize', 'sum', 'count', 'average', 'total', 'pivot', 'minimum', 'maximum', 'collect'],
  ports: { in: ['main'], out: ['main'] },
  params: z.object({
    list: valueParam.optional(),
    groupBy: fieldPathsParam.default([]),
    results: z
      .array(
        z.object({
          operation: z.enum(operations.map((one) => one.value)).default('count'),
          field: fieldPathParam.default(''),
          name: fieldPathParam.default(''),
        }),
      )
      .max(50, 'Work out 50 results at most.')
      .default([]),
  }),
  form: {
    list: listField,
    groupBy: {
      label: 'Group by',
      widget: 'text',
      help: 'Names of fields with commas between them. Left empty, all items are one group.',
      example: 'customer.country',
      literal: true,
    },
    results: {
      label: 'Work out',
      widget: 'rows',
      help: 'Left empty, the items are counted.',
      columns: [
        { key: 'operation', label: 'What', options: operations },
        { key: 'field', label: 'Field', example: 'total', showIf: { column: 'operation', is: operations.flatMap(needsField) } },
        { key: 'name', label: 'Name of the result', example: 'revenue' },
      ],
      literal: true,
    },
  },
  subtitle: (params, form) => {
    const groups = fieldNames(params.groupBy)
    const rows = Array.isArray(params.results) ? params.results : []
    const words =
      rows.flatMap((row: Json) => (isFields(row) ? [describe(row, form)] : [])).join(', ') ||
      optionLabel(form.results?.columns?.[0], 'count')
    return groups.length === 0 ? words : phrase`${words} by ${groups.join(', ')}`
  },
  check: (params) => {
    const rows = Array.isArray(params.results) ? params.results : []
    const names = rows.map((row: Json) => (isFields(row) ? textOf(row.name).trim() : ''))
    const groups = fieldNames(params.groupBy)
    return rows.flatMap((row: Json, index) => {
      if (!isFields(row)) return []
      const name = names[index] ?? ''
      if (name !== '' && (groups.includes(name) || names.indexOf(name) < index)) {
        return [
          {
            pointer: `/params/results/${index}/name`,
            code: 'aggregate.name_taken',
            message: `"${name}" is there already: only one of the two would come out.`,
            severity: 'warning' as const,
          },
        ]
      }
      const needs = ['sum', 'average'].includes(textOf(row.operation)) && textOf(row.field).trim() === ''
      const pointer = `/params/results/${index}/field`
      return needs
        ? [{ pointer, code: 'param.required', message: 'Name the field whose numbers are added up.', severity: 'warning' as const }]
        : []
    })
  },
  sample: { count: 0 },
  run: ({ params, input }) => ({ port: 'main', output: aggregateItems(listOf(params.list, input), params) }),
})

function needsField({ value }: (typeof operations)[number]): string[] {
  return value === 'count' ? [] : [value]
}

function describe(row: { [key: string]: Json }, form: Form): string {
  const label = optionLabel(form.results?.columns?.[0], row.operation ?? 'count')
  return [label, textOf(row.field)].filter(Boolean).join(' ')
}
