import { reach } from './downstream-of'
import type { Graph } from './schema'

/**
 * Ids of everything that runs before these nodes: what their expressions may read. A tool runs while its agent runs, so it reads
 * what the agent may read and not the agent itself.
 */
export function upstreamOf(graph: Pick<Graph, 'edges'>, nodeIds: string | readonly string[]): Set<string> {
  const ids = typeof nodeIds === 'string' ? [nodeIds] : nodeIds
  const wanted = new Set(ids)
  const agents = graph.edges.filter((edge) => edge.toPort === 'tools' && wanted.has(edge.from)).map((edge) => edge.to)
  const flow = graph.edges.filter((edge) => edge.toPort !== 'tools')
  return reach({ edges: flow }, [...ids, ...agents], 'to', 'from')
}
