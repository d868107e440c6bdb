import type { GraphEdge, GraphNode } from './schema'

/** An edge joins nodes of one frame, or leads from a container's frame to a node inside it. */
export function crossesFrame(edge: GraphEdge, from: Pick<GraphNode, 'parent'>, to: Pick<GraphNode, 'parent'>): boolean {
  return from.parent !== to.parent && to.parent !== edge.from
}
