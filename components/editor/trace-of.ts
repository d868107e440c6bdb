import { downstreamOf } from '@/workflows/graph/downstream-of'
import type { Graph } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'

/** Where a node's data comes from and goes to. */
export function traceOf(graph: Graph, nodeId: string) {
  const nodes = new Set([nodeId, ...upstreamOf(graph, nodeId), ...downstreamOf(graph, nodeId)])
  for (const edge of graph.edges) if (edge.toPort === 'tools' && edge.to === nodeId) nodes.add(edge.from)
  const before = new Set([nodeId, ...upstreamOf(graph, nodeId)])
  const after = new Set([nodeId, ...downstreamOf(graph, nodeId)])
  const edges = new Set(
    graph.edges
      .filter(
        (edge) =>
          (before.has(edge.from) && before.has(edge.to)) ||
          (after.has(edge.from) && after.has(edge.to)) ||
          (edge.toPort === 'tools' && edge.to === nodeId),
      )
      .map((edge) => edge.id),
  )
  return { nodes, edges }
}
