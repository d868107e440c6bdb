import { limits } from '../limits'
import { type Catalogue, definitionOf } from './catalogue'
import type { Graph, Json } from './schema'

/** A workflow that a step runs, and the number or the tag of its version. */
export interface Call {
  workflowId: string
  version: string | number
}

export interface Callee {
  name: string
  /** The JSON Schema of the input that it takes; absent where it takes any. */
  schema?: Json
}

export const callKey = ({ workflowId, version }: Call) => `${workflowId}@${version}`

/** The workflows that the steps of a graph run, each once. */
export function callsOf(graph: Pick<Graph, 'nodes'>, catalogue: Catalogue): Call[] {
  const calls = new Map<string, Call>()
  for (const node of graph.nodes) {
    const definition = definitionOf(node, catalogue)
    const call = definition?.kind === 'control' ? definition.calls?.(node.params) : null
    if (call && calls.size < limits.callees) calls.set(callKey(call), call)
  }
  return [...calls.values()]
}
