import type { Graph, GraphEdge } from '@/workflows/graph/schema'
import { hiddenIn, shownAt } from './frames'
import type { NodeView } from './node-view'
import { shownEdges } from './shown-edges'
import { inTop, outPoint } from './size-of-node'

interface Point {
  x: number
  y: number
}

/** The channel with square bends; from afar nobody sees that they are round. */
export function farPath(edge: GraphEdge, from: Point, source: NodeView, to: Point, target: NodeView): string {
  const [start, ...rest] = farPoints(edge, from, source, to, target)
  let last = start
  let d = `M${start?.x} ${start?.y}`
  for (const point of rest) {
    d += point.y === last?.y ? `H${point.x}` : `V${point.y}`
    last = point
  }
  return d
}

function farPoints(edge: GraphEdge, from: Point, source: NodeView, to: Point, target: NodeView): Point[] {
  if (edge.toPort === 'tools') {
    const middle = to.y + target.height + 32
    const x = from.x + source.width / 2
    return [
      { x, y: from.y },
      { x, y: middle },
      { x: to.x + 56, y: middle },
      { x: to.x + 56, y: to.y + target.height },
    ]
  }
  const out = outPoint(source, edge.fromPort)
  const start = { x: from.x + out.x, y: from.y + out.y }
  const end = { x: to.x, y: to.y + inTop(target) }
  const bend = start.x + 26
  if (end.x - start.x >= 38) return [start, { x: bend, y: start.y }, { x: bend, y: end.y }, end]
  const middle = (start.y + end.y) / 2
  const back = end.x - 26
  return [start, { x: bend, y: start.y }, { x: bend, y: middle }, { x: back, y: middle }, { x: back, y: end.y }, end]
}

/** The edge that runs nearest to a point of the canvas, at most `within` away; null where none does. */
export function edgeAt(graph: Graph, views: ReadonlyMap<string, NodeView>, at: Point, within: number): string | null {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const hidden = hiddenIn(graph)
  let nearest: { id: string; distance: number } | null = null
  for (const edge of shownEdges(graph.edges, hidden)) {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)]
    const [source, target] = [views.get(edge.from), views.get(edge.to)]
    if (!from || !to || !source || !target) continue
    const points = farPoints(edge, shownAt(from, source), source, shownAt(to, target), target)
    for (const [index, end] of points.entries()) {
      const start = points[index - 1]
      if (!start) continue
      const distance = distanceTo(start, end, at)
      if (distance <= within && (!nearest || distance < nearest.distance)) nearest = { id: edge.id, distance }
    }
  }
  return nearest?.id ?? null
}

/** To a run that lies along one of the axes. */
function distanceTo(start: Point, end: Point, at: Point): number {
  const x = Math.max(Math.min(start.x, end.x) - at.x, 0, at.x - Math.max(start.x, end.x))
  const y = Math.max(Math.min(start.y, end.y) - at.y, 0, at.y - Math.max(start.y, end.y))
  return Math.hypot(x, y)
}
