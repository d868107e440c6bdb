import type { Graph } from '@/workflows/graph/schema'
import { viewsOf } from './node-view'

/** The topmost node at a point of the canvas that is accepted; reckoned, because asking the page lays it out anew. */
export function nodeAt(
  graph: Graph,
  at: { x: number; y: number },
  accept: (view: { id: string; hasTools: boolean }) => boolean,
): string | null {
  const views = viewsOf(graph)
  let found: string | null = null
  for (const { id, position } of graph.nodes) {
    const view = views.get(id)
    if (!view || at.x < position.x || at.y < position.y || at.x > position.x + view.width || at.y > position.y + view.height) continue
    if (accept(view)) found = id
  }
  return found
}
