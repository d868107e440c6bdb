import { holderOf, shownAt } from '@/components/canvas/frames'
import { type Move, withAlong } from '@/components/canvas/moves-of'
import { viewsOf } from '@/components/canvas/views-of'
import { applyOperation, type Operation } from '@/workflows/graph/operations'
import type { Graph, GraphNode } from '@/workflows/graph/schema'

/** Between two columns, and what of it may be missing before anything moves. */
const gap = { wanted: 52, least: 24 }

/** What moves right as the frames grow that a new node is put in, from the inside out, so that none of them comes to lie over its neighbours. */
export function roomBesideFrames(graph: Graph, adding: Operation, node: GraphNode): Move[] {
  const added = applyOperation(graph, adding)
  if (!added.ok) return []
  let now = added.value
  const moves: Move[] = []
  const before = viewsOf(graph)
  const find = (id: string | undefined) => now.nodes.find((one) => one.id === id)
  for (let frame = find(holderOf(now, node)); frame; frame = find(holderOf(now, frame))) {
    const holder = holderOf(now, frame)
    const views = viewsOf(now)
    const boxOf = (one: GraphNode) => {
      const view = views.get(one.id)
      const { x, y } = shownAt(one, view)
      return { x, y, right: x + (view?.width ?? 208), bottom: y + (view?.height ?? 56) }
    }
    const old = before.get(frame.id)
    const from = shownAt(frame, old).x + (old?.width ?? 0)
    const grown = boxOf(frame)
    const beside = now.nodes.filter((one) => one.id !== frame?.id && !one.locked && holderOf(now, one) === holder && boxOf(one).x >= from)
    const near = beside.map(boxOf).filter((box) => box.y < grown.bottom && box.bottom > grown.y)
    const first = Math.min(...near.map((box) => box.x))
    const by = grown.right + gap.wanted - first
    if (grown.right <= from || near.length === 0 || grown.right + gap.least <= first) continue
    const step = withAlong(
      beside
        .filter((one) => boxOf(one).x >= first)
        .map((one) => ({ nodeId: one.id, before: one.position, after: { x: one.position.x + by, y: one.position.y } })),
      now,
    )
    const moved = applyOperation(now, { kind: 'moveNodes', moves: step })
    if (!moved.ok) return moves
    moves.push(...step)
    now = moved.value
  }
  return moves
}
