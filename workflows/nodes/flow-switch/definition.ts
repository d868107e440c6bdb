import { z } from 'zod'
import type { Json } from '../../graph/schema'
import { combineSchema, conditionsHold, conditionsSchema } from '../conditions'
import { definePure } from '../define'

export const flowSwitch = definePure({
  type: 'flow.switch',
  version: 1,
  title: 'Switch',
  summary: 'Go out by the first case whose conditions hold.',
  category: 'flow',
  icon: 'route',
  keywords: ['cases', 'branch', 'router', 'routes', 'decision'],
  ports: { in: ['main'], out: (params) => [...caseNames(params.cases), 'otherwise'] },
  params: z.object({
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
  }),
  form: {
    cases: {
      label: 'Cases',
      widget: 'cases',
      help: 'Looked at from top to bottom. What fits none of them goes out by "otherwise".',
      example: 'Benelux: country is one of NL, BE, LU',
    },
  },
  subtitle: (params) => {
    const count = caseNames(params.cases).length
    return count === 0 ? 'No case yet' : count === 1 ? '1 case' : `${count} cases`
  },
  check: (params) => {
    const names = caseNames(params.cases)
    if (names.length === 0) {
      return [{ pointer: '/params/cases', code: 'param.required', message: 'Add a case, or everything goes out by "otherwise".' }]
    }
    return names.flatMap((name, index) => {
      const pointer = `/params/cases/${index}/port`
      if (name === 'otherwise' || name === 'error' || name === 'tool') {
        return [{ pointer, code: 'switch.reserved', message: `"${name}" is a way out of its own; give this case another name.` }]
      }
      return names.indexOf(name) < index
        ? [{ pointer, code: 'switch.duplicate', message: `Two cases are called "${name}"; give one of them another name.` }]
        : []
    })
  },
  run: ({ params, input }) => {
    const found = params.cases.find((one) => one.conditions.length > 0 && conditionsHold(one.conditions, one.combine))
    return { port: found?.port ?? 'otherwise', output: input }
  },
})

function caseNames(cases: Json | undefined): string[] {
  if (!Array.isArray(cases)) return []
  return cases.flatMap((one) => {
    const port = typeof one === 'object' && one !== null && !Array.isArray(one) ? one.port : null
    return typeof port === 'string' && port.trim() !== '' ? [port.trim()] : []
  })
}
