import { limits } from '../limits'
import { type Call, callKey } from './call'
import { type Catalogue, definitionOf } from './catalogue'
import type { Graph } from './schema'

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
