import { reach } from './downstream-of'
import type { Graph, GraphEdge } from './schema'

/**
 * Ids of everything that runs before these nodes: what their expressions may read. A tool runs while its agent runs, so it reads
 * what the agent may read and not the agent itself.
 */
export function upstreamOf(graph: Pick<Graph, 'edges'>, nodeIds: string | readonly string[]): ReadonlySet<string> {
  const ids = typeof nodeIds === 'string' ? [nodeIds] : nodeIds
  const wanted = new Set(ids)
  const agents = graph.edges.filter((edge) => edge.toPort === 'tools' && wanted.has(edge.from)).map((edge) => edge.to)
  return reach({ edges: flowOf(graph.edges) }, [...ids, ...agents], 'to', 'from')
}

const flows = new WeakMap<readonly GraphEdge[], GraphEdge[]>()

/** The same list for the same edges, so that walks over it are indexed once. */
function flowOf(edges: readonly GraphEdge[]): GraphEdge[] {
  const known = flows.get(edges)
  if (known) return known
  const flow = edges.filter((edge) => edge.toPort !== 'tools')
  flows.set(edges, flow)
  return flow
}
