import { z } from 'zod'
import type { Json } from '../../graph/schema'
import { joinPorts } from '../../graph/taken-ports'
import { phrase } from '../../words/spoken'
import { combineSchema, conditionsHold, conditionsSchema, ignoreCaseField } from '../conditions'
import { definePure } from '../define'
import { isFields } from '../field-at'
import { fieldsParam, shortenExpressions, textOf, valueParam } from '../params'

export const flowSwitch = definePure({
  type: 'flow.switch',
  version: 1,
  title: 'Switch',
  summary: 'Go out by the first case that fits, or by each one that does.',
  category: 'flow',
  icon: 'route',
  keywords: ['cases', 'branch', 'router', 'routes', 'decision', 'value'],
  passesOn: true,
  ports: { in: ['main'], out: (params) => [...new Set(caseNames(params)), 'otherwise'] },
  params: z.object({
    mode: z.enum(['rules', 'value']).default('rules'),
    cases: z
      .array(
        z.object({
          port: z.string().trim().min(1, 'Give the case a name.').max(120),
          combine: combineSchema,
          conditions: conditionsSchema.default([]),
        }),
      )
      .max(50)
      .default([]),
    value: valueParam.optional(),
    values: fieldsParam.max(50, 'Have 50 values at most.').default([]),
    matches: z.enum(['first', 'all']).default('first'),
    ignoreCase: z.boolean().default(false),
  }),
  form: {
    mode: {
      label: 'Decide by',
      widget: 'select',
      options: [
        { value: 'rules', label: 'Conditions' },
        { value: 'value', label: 'One value' },
      ],
      literal: true,
    },
    cases: {
      label: 'Cases',
      widget: 'cases',
      help: 'Looked at from top to bottom. What fits none of them goes out by "otherwise".',
      example: 'Benelux: country is one of NL, BE, LU',
      showIf: { param: 'mode', is: ['rules'] },
    },
    value: {
      label: 'Value',
      widget: 'expression',
      help: 'Compared with each of the values below.',
      example: '{{ input.country }}',
      showIf: { param: 'mode', is: ['value'] },
    },
    values: {
      label: 'Ways out',
      widget: 'fields',
      help: 'The name of the way out and the value it is for. Several values may have the same way out. What equals none of them goes out by "otherwise".',
      example: 'Benelux = NL',
      showIf: { param: 'mode', is: ['value'] },
    },
    matches: {
      label: 'Where several fit',
      widget: 'select',
      options: [
        { value: 'first', label: 'Go out by the first' },
        { value: 'all', label: 'Go out by each of them' },
      ],
      literal: true,
    },
    ignoreCase: ignoreCaseField,
  },
  examples: [
    {
      title: 'By region',
      help: 'Each case is a way out of its own; the rest goes out by “otherwise”.',
      params: {
        cases: [
          { port: 'Benelux', combine: 'all', conditions: [{ left: '{{ input.country }}', operator: 'one_of', right: 'NL, BE, LU' }] },
          { port: 'Nordics', combine: 'all', conditions: [{ left: '{{ input.country }}', operator: 'one_of', right: 'NO, SE, DK, FI' }] },
        ],
      },
    },
  ],
  subtitle: (params) => {
    const count = new Set(caseNames(params)).size
    const cases = count === 0 ? phrase`No case yet` : count === 1 ? phrase`1 case` : phrase`${count} cases`
    return params.mode === 'value' && textOf(params.value) ? `${shortenExpressions(textOf(params.value))}: ${cases}` : cases
  },
  check: (params) => {
    const names = caseNames(params)
    const at = params.mode === 'value' ? { list: '/params/values', name: 'name' } : { list: '/params/cases', name: 'port' }
    if (names.length === 0) {
      return [{ pointer: at.list, code: 'param.required', message: 'Add a case, or everything goes out by "otherwise".' }]
    }
    return names.flatMap((name, index) => {
      const pointer = `${at.list}/${index}/${at.name}`
      if (name === 'otherwise' || name === 'error' || name === 'tool') {
        return [{ pointer, code: 'switch.reserved', message: `"${name}" is a way out of its own; give this case another name.` }]
      }
      if (/[\n\r]/.test(name) || name.length > 120) {
        return [{ pointer, code: 'switch.name', message: 'The name of a way out is one line of 120 characters at most.' }]
      }
      return params.mode !== 'value' && names.indexOf(name) < index
        ? [{ pointer, code: 'switch.duplicate', message: `Two cases are called "${name}"; give one of them another name.` }]
        : []
    })
  },
  run: ({ params, input }) => {
    const { mode, value = null } = params
    const fitting =
      mode === 'rules'
        ? params.cases
            .filter((one) => one.conditions.length > 0 && conditionsHold(one.conditions, one.combine, params))
            .map((one) => one.port)
        : params.values
            .filter((one) => conditionsHold([{ left: value, operator: 'equals', right: one.value }], 'all', params))
            .map((one) => one.name)
    const [first = 'otherwise'] = fitting
    return { port: params.matches === 'all' && fitting.length > 1 ? joinPorts(fitting) : first, output: input }
  },
})

function caseNames(params: Record<string, Json>): string[] {
  const [rows, name] = params.mode === 'value' ? [params.values, 'name'] : [params.cases, 'port']
  if (!Array.isArray(rows)) return []
  return rows.flatMap((row) => {
    const port = isFields(row) ? row[name] : null
    return typeof port === 'string' && port.trim() !== '' ? [port.trim()] : []
  })
}
