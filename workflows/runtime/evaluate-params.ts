import type { Scope } from '../graph/expressions'
import type { Json } from '../graph/schema'
import { NodeError } from '../nodes/errors'
import type { PlanNode } from './types'

const hidden = '•••'

/** The node's params with every expression evaluated, parsed by its definition; throws NodeError that names the parameter. */
export function evaluateParams(planned: PlanNode, scope: Scope): Record<string, unknown> {
  const { definition } = planned
  const perItem = definition.kind === 'pure' ? definition.perItem : undefined
  const parsed = definition.params.safeParse(planned.params.evaluate(scope, perItem))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.map(String) ?? []
  const hint = definition.form[path[0] ?? '']
  throw new NodeError({
    class: 'bad_data',
    code: 'param.invalid',
    message: `${hint?.label ?? path[0] ?? 'A parameter'}: ${issue?.message ?? 'this value does not fit.'}`,
    hint: 'Look at the value this parameter had in this run, and change the expression or the data.',
    pointer: `/params/${path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
  })
}

/** What is kept of params: plain JSON without what is sensitive. */
export function recordedParams(planned: PlanNode, params: Record<string, unknown>): Json {
  const kept: Record<string, Json> = {}
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || typeof value === 'function') continue
    kept[name] = planned.definition.form[name]?.sensitive ? hidden : (value as Json)
  }
  return kept
}
