import type { Graph } from '@/workflows/graph/schema'
import { hiddenIn, shownAt } from './frames'
import { viewsOf } from './views-of'

/** The topmost node at a point of the canvas that is accepted; reckoned, because asking the page lays it out anew. */
export function nodeAt(
  graph: Graph,
  at: { x: number; y: number },
  accept: (view: { id: string; hasTools: boolean }) => boolean,
): string | null {
  const views = viewsOf(graph)
  let found: string | null = null
  const hidden = hiddenIn(graph)
  for (const node of graph.nodes) {
    const { id } = node
    const view = views.get(id)
    const position = shownAt(node, view)
    if (
      !view ||
      hidden.has(id) ||
      at.x < position.x ||
      at.y < position.y ||
      at.x > position.x + view.width ||
      at.y > position.y + view.height
    )
      continue
    if (accept(view)) found = id
  }
  return found
}
