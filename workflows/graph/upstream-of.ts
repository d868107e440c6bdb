import { containersOf, withBodyEdges } from './body-edges'
import { reach } from './downstream-of'
import type { Graph, GraphEdge } from './schema'

/**
 * Ids of everything that runs before these nodes: what their expressions may read. A tool runs while its agent runs, so it reads
 * what the agent may read and not the agent itself; so does what stands inside a container.
 */
export function upstreamOf(graph: Pick<Graph, 'nodes' | 'edges'>, nodeIds: string | readonly string[]): ReadonlySet<string> {
  const ids = typeof nodeIds === 'string' ? [nodeIds] : nodeIds
  const wanted = new Set(ids)
  const agents = graph.edges.filter((edge) => edge.toPort === 'tools' && wanted.has(edge.from)).map((edge) => edge.to)
  const whole = withBodyEdges(graph)
  if (whole === graph) return reach({ edges: flowOf(graph.edges) }, [...ids, ...agents], 'to', 'from')
  const found = new Set(reach({ edges: flowOf(whole.edges) }, [...ids, ...agents], 'to', 'from'))
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const id of [...ids, ...agents]) for (const container of containersOf(id, nodes)) found.delete(container)
  return found
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
