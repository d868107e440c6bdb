import type { z } from 'zod'
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
  throw invalid(planned, parsed.error.issues[0])
}

/** Some of the params, where a container works out others later or more than once. */
export function evaluateSome(planned: PlanNode, scope: Scope, names: readonly string[]): Record<string, unknown> {
  const shape: Record<string, z.ZodType | undefined> = planned.definition.params.shape
  const values = planned.params.evaluate(
    scope,
    Object.keys(shape).filter((name) => !names.includes(name)),
  )
  const made: Record<string, unknown> = {}
  for (const name of names) {
    const parsed = shape[name]?.safeParse(values[name])
    if (parsed?.success) made[name] = parsed.data
    else throw invalid(planned, parsed?.error.issues[0] && { ...parsed.error.issues[0], path: [name, ...parsed.error.issues[0].path] })
  }
  return made
}

/** Whether the condition in its settings, if there is one, lets the node run. */
export function mayRun(planned: PlanNode, scope: Scope): boolean {
  if (planned.settings.runIf === undefined || !planned.asks) return true
  const answer = ask(planned, scope, 'runIf')
  return Boolean(answer) && answer !== 'false'
}

/** The list that the settings name for `each`. */
export function itemsOfEach(planned: PlanNode, scope: Scope): Json {
  return ask(planned, scope, 'items')
}

/** The key of its result, if its settings name one. */
export function cacheKeyOf(planned: PlanNode, scope: Scope): Json | undefined {
  return planned.settings.cache?.key ? ask(planned, scope, 'cacheKey') : undefined
}

const places = { runIf: '/settings/runIf', items: '/settings/each/items', cacheKey: '/settings/cache/key' }

function ask(planned: PlanNode, scope: Scope, name: keyof typeof places): Json {
  try {
    const others = Object.keys(places).filter((other) => other !== name)
    return (planned.asks?.evaluate(scope, others)[name] ?? null) as Json
  } catch (thrown) {
    if (!(thrown instanceof NodeError)) throw thrown
    throw new NodeError({ ...thrown.step, pointer: places[name] })
  }
}

function invalid({ definition }: PlanNode, issue: z.core.$ZodIssue | undefined): NodeError {
  const path = issue?.path.map(String) ?? []
  const hint = definition.form[path[0] ?? '']
  return new NodeError({
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
