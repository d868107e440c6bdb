import { hiddenIn, holderOf, shownAt } from '@/components/canvas/frames'
import { viewsOf } from '@/components/canvas/views-of'
import type { Graph, GraphNode } from '@/workflows/graph/schema'

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/**
 * The nearest node in a direction, preferring what lies straight ahead, among those that stand in the same frame. Down enters an open
 * frame; what has nothing ahead of it leaves its own: left and up to the frame, right and down to what stands beyond it. The first
 * node where nothing is chosen.
 */
export function neighbour(graph: Graph, fromId: string | null, key: string): string | null {
  const views = viewsOf(graph)
  const hidden = hiddenIn(graph)
  const shown = graph.nodes.filter((node) => !hidden.has(node.id))
  const place = (node: GraphNode) => shownAt(node, views.get(node.id))
  const leftmost = (nodes: readonly GraphNode[]) =>
    [...nodes].sort((a, b) => place(a).x - place(b).x || place(a).y - place(b).y)[0]?.id ?? null
  const from = shown.find((node) => node.id === fromId)
  if (!from) return leftmost(shown)
  const direction = directions[key]
  if (!direction) return null
  if (key === 'ArrowDown' && views.get(from.id)?.frame) {
    const first = leftmost(shown.filter((node) => holderOf(graph, node) === from.id))
    if (first) return first
  }
  for (let at: GraphNode | undefined = from; at; ) {
    const holder = holderOf(graph, at)
    const next = nearest(
      at,
      shown.filter((node) => holderOf(graph, node) === holder),
      place,
      direction,
    )
    if (next) return next
    if (holder === undefined) return null
    if (key === 'ArrowLeft' || key === 'ArrowUp') return holder
    at = shown.find((node) => node.id === holder)
  }
  return null
}

function nearest(
  from: GraphNode,
  nodes: readonly GraphNode[],
  place: (node: GraphNode) => { x: number; y: number },
  [dx, dy]: readonly [number, number],
): string | null {
  const start = place(from)
  let best: { id: string; cost: number } | null = null
  for (const node of nodes) {
    if (node.id === from.id) continue
    const at = place(node)
    const [x, y] = [at.x - start.x, at.y - start.y]
    const ahead = x * dx + y * dy
    if (ahead <= 0) continue
    const cost = ahead + 2 * Math.abs(x * dy) + 2 * Math.abs(y * dx)
    if (!best || cost < best.cost) best = { id: node.id, cost }
  }
  return best?.id ?? null
}
