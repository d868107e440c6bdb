import { shownAt } from '@/components/canvas/frames'
import { viewsOf } from '@/components/canvas/views-of'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { freePlace } from './places'

/** The first free place in the column next to a card: where what follows it goes, or what leads to it. */
export function placeBeside(graph: Graph, node: GraphNode, side: 'after' | 'before' = 'after') {
  const view = viewsOf(graph).get(node.id)
  const { x, y } = shownAt(node, view)
  return freePlace(graph.nodes, { x: side === 'after' ? x + (view?.width ?? 208) + 52 : x - 260, y })
}
