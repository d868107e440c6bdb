import type { NodeDefinition } from '../nodes/define'
import type { Json } from './schema'

/** What running a step once more does outside: only reads, leaves what doing it once leaves, or does something a second time. */
export type Repeats = 'read' | 'idempotent' | 'unsafe'

/** Null for what only computes, steers or waits. `params` are as stored; `tools` are those that an agent may call. */
export function repeatsOf(
  definition: NodeDefinition,
  params: Record<string, Json>,
  tools: readonly { definition: NodeDefinition; params: Record<string, Json> }[] = [],
): Repeats | null {
  if (definition.kind === 'effect') {
    if (definition.computes) return null
    if (definition.safe?.(params) === true || definition.outside?.(params) === 'pays') return 'read'
    if (definition.outside?.(params) === null) return null
    return definition.idempotent?.(params) === true ? 'idempotent' : 'unsafe'
  }
  if (definition.kind !== 'control') return null
  if (definition.control === 'child' || definition.control === 'approval') return 'unsafe'
  if (definition.control !== 'agent') return null
  const called = tools.map((tool) => repeatsOf(tool.definition, tool.params) ?? 'read')
  return (['unsafe', 'idempotent'] as const).find((one) => called.includes(one)) ?? 'read'
}
