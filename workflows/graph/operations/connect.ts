import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import type { Graph } from '../schema'
import { checkEdge } from './check-edge'
import { done, findNode, insertAt, type OperationRule } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Draws an edge from a way out to a way in. */
export function connect(graph: Graph, args: OperationOf<'connect'>, catalogue: Catalogue): OperationResult<Graph> {
  const refusal = checkEdge(graph, args.edge, catalogue)
  if (refusal) return refusal
  return done({ ...graph, edges: insertAt(graph.edges, [{ index: args.index ?? graph.edges.length, value: args.edge }]) })
}

export const connectRule: OperationRule<OperationOf<'connect'>> = {
  apply: connect,
  invert: (_before, { edge }) => ({ kind: 'disconnect', edgeIds: [edge.id] }),
  describe: ({ edge }, graph) => {
    const from = findNode(graph, edge.from)?.title ?? phrase`a node`
    const to = findNode(graph, edge.to)?.title ?? phrase`a node`
    return edge.toPort === 'tools' ? phrase`Gave “${to}” the tool “${from}”` : phrase`Connected “${from}” to “${to}”`
  },
  touches: ({ edge }) => [`edge/${edge.id}`],
}
