import { withContents } from './operations/remove-nodes'
import type { Graph } from './schema'

/** The chosen nodes and the edges between them as text for the clipboard. */
export function toClipboard(graph: Graph, nodeIds: readonly string[]): string {
  const chosen = withContents(graph, nodeIds)
  const nodes = graph.nodes
    .filter((node) => chosen.has(node.id))
    .map(({ parent, group, ...node }) => ({
      ...node,
      ...(parent !== undefined && chosen.has(parent) ? { parent } : {}),
      ...(group !== undefined && chosen.has(group) ? { group } : {}),
    }))
  const edges = graph.edges.filter((edge) => chosen.has(edge.from) && chosen.has(edge.to))
  return JSON.stringify({ millraceNodes: 1, graph: { schema: 1, nodes, edges } satisfies Graph })
}
