import { z } from 'zod'
import { phrase } from '../../words/spoken'
import { combineSchema, conditionsHold, conditionsSchema, describeConditions, ignoreCaseField } from '../conditions'
import { definePure } from '../define'

export const flowIf = definePure({
  type: 'flow.if',
  version: 1,
  title: 'If',
  summary: 'Go one way when conditions hold and the other way when they do not.',
  category: 'flow',
  icon: 'split',
  keywords: ['condition', 'branch', 'compare', 'decision', 'yes', 'no', 'when', 'check', 'whether', 'otherwise'],
  passesOn: true,
  ports: { in: ['main'], out: ['true', 'false'] },
  params: z.object({ conditions: conditionsSchema.default([]), combine: combineSchema, ignoreCase: z.boolean().default(false) }),
  form: {
    conditions: { label: 'Conditions', widget: 'conditions', example: 'total is at most 5000' },
    combine: {
      label: 'Conditions that must hold',
      widget: 'select',
      options: [
        { value: 'all', label: 'All of them' },
        { value: 'any', label: 'Any of them' },
      ],
      literal: true,
    },
    ignoreCase: ignoreCaseField,
  },
  examples: [
    {
      title: 'Over a limit',
      params: { conditions: [{ left: '{{ input.total }}', operator: 'greater', right: '5000' }], combine: 'all' },
    },
    {
      title: 'One of several countries',
      params: { conditions: [{ left: '{{ input.country }}', operator: 'one_of', right: 'NL, BE, LU' }], combine: 'all' },
    },
  ],
  subtitle: (params) => describeConditions(params.conditions, params.combine) || phrase`No condition yet`,
  check: (params) =>
    Array.isArray(params.conditions) && params.conditions.length > 0
      ? []
      : [{ pointer: '/params/conditions', code: 'param.required', message: 'Add a condition, or everything goes out by "true".' }],
  run: ({ params, input }) => ({ port: conditionsHold(params.conditions, params.combine, params) ? 'true' : 'false', output: input }),
})
