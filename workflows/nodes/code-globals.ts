import type { Json } from '../graph/schema'
import type { ExecutorCall } from './define'

/** What code of people reads by name. */
export function codeGlobals({ params, input, scope }: Pick<ExecutorCall<{ values: Record<string, Json> }>, 'params' | 'input' | 'scope'>) {
  const globals: Record<string, Json> = { input, values: params.values, trigger: scope?.trigger ?? null, vars: { ...scope?.vars } }
  if (scope?.item !== undefined) globals.item = scope.item
  if (scope?.index !== undefined) globals.index = scope.index
  return globals
}
