import { containersOf, withBodyEdges } from './body-edges'
import { reach } from './downstream-of'
import type { Graph } from './schema'

/**
 * Ids of everything that runs before these nodes: what their expressions may read. A tool runs while its agent runs, so it reads
 * what the agent may read and not the agent itself; so does what stands inside a container.
 */
export function upstreamOf(graph: Pick<Graph, 'nodes' | 'edges'>, nodeIds: string | readonly string[]): Set<string> {
  const ids = typeof nodeIds === 'string' ? [nodeIds] : nodeIds
  const wanted = new Set(ids)
  const agents = graph.edges.filter((edge) => edge.toPort === 'tools' && wanted.has(edge.from)).map((edge) => edge.to)
  const whole = withBodyEdges(graph)
  const flow = whole.edges.filter((edge) => edge.toPort !== 'tools')
  const found = reach({ edges: flow }, [...ids, ...agents], 'to', 'from')
  if (whole === graph) return found
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const id of [...ids, ...agents]) for (const container of containersOf(id, nodes)) found.delete(container)
  return found
}
