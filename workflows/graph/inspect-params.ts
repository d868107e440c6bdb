import type { NodeDefinition } from '../nodes/define'
import { type CompiledParams, compileParams, type ParamProblem, type Reference, referencesOf } from './expressions'
import { escapePointer } from './find-bad-json'
import type { Graph, GraphNode, Json } from './schema'

export interface InspectedParams {
  compiled: CompiledParams
  problems: readonly ParamProblem[]
  /** Every place that reads data, with a pointer into the params. */
  references: readonly { pointer: string; param: string; reference: Reference }[]
}

type Keys = Readonly<Record<string, string>>

const seen = new WeakMap<GraphNode['params'], { definition: NodeDefinition; inspected: InspectedParams }>()

/** A node's parameters compiled, with what they read. Remembered per params object, which is never changed in place. */
export function inspectParams(node: Pick<GraphNode, 'params'>, definition: NodeDefinition, keys: Keys): InspectedParams {
  const known = seen.get(node.params)
  if (known?.definition === definition) return known.inspected
  const literalKeys = literalParams(definition)
  const references = Object.entries(node.params)
    .filter(([param]) => !literalKeys.includes(param))
    .flatMap(([param, value]) => referencesIn(value, `/${escapePointer(param)}`).map((found) => ({ ...found, param })))
  // Texts from the API may still name steps by key: those depend on the graph around and are compiled each time.
  const byKey = references.some(({ reference }) => reference.root === 'steps' && reference.nodeId === undefined)
  const { params: compiled, problems } = compileParams(node.params, byKey ? { literalKeys, keys } : { literalKeys })
  const inspected = { compiled, problems, references }
  if (!byKey) seen.set(node.params, { definition, inspected })
  return inspected
}

export function keysOf(graph: Pick<Graph, 'nodes'>): Keys {
  return Object.fromEntries(graph.nodes.map((node) => [node.id, node.key]))
}

/** Parameters that hold `{{ }}` as plain text. */
export function literalParams(definition: NodeDefinition): string[] {
  const form: Record<string, { literal?: boolean }> = definition.form
  return Object.keys(form).filter((param) => form[param]?.literal)
}

/** Whether an expression stands anywhere inside, so that nothing can be said about the value yet. */
export function holdsExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{')
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(holdsExpression)
}

function referencesIn(value: Json, pointer: string): { pointer: string; reference: Reference }[] {
  if (typeof value === 'string') {
    return value.includes('{{') ? referencesOf(value).map((reference) => ({ pointer, reference })) : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => referencesIn(child, `${pointer}/${escapePointer(key)}`))
}
