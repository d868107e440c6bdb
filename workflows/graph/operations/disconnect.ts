import { phrase } from '../../words/spoken'
import type { Graph } from '../schema'
import { done, type OperationRule, refuse } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Takes edges away. */
export function disconnect(graph: Graph, args: OperationOf<'disconnect'>): OperationResult<Graph> {
  const gone = new Set(args.edgeIds)
  const edges = graph.edges.filter((edge) => !gone.has(edge.id))
  if (edges.length === graph.edges.length) {
    return refuse('edge.unknown', 'This connection was removed already.', { edgeId: args.edgeIds[0] as string })
  }
  return done({ ...graph, edges })
}

export const disconnectRule: OperationRule<OperationOf<'disconnect'>> = {
  apply: disconnect,
  invert: (before, args) => {
    const gone = new Set(args.edgeIds)
    const edges = before.edges.flatMap((edge, index) => (gone.has(edge.id) ? [{ index, edge }] : []))
    return edges.length > 0 ? { kind: 'restore', nodes: [], edges } : null
  },
  describe: ({ edgeIds }) => (edgeIds.length === 1 ? phrase`Removed a connection` : phrase`Removed ${edgeIds.length} connections`),
  touches: ({ edgeIds }) => edgeIds.map((id) => `edge/${id}`),
}
