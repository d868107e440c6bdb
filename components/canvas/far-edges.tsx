import { useStore, ViewportPortal } from '@xyflow/react'
import { memo, useMemo, useRef } from 'react'
import type { Graph, GraphEdge } from '@/workflows/graph/schema'
import { farPath } from './far-path'
import { hiddenIn } from './frames'
import type { NodeView } from './node-view'
import { shownEdges } from './shown-edges'
import { type EdgeLook, type FlowNode, isLit } from './to-flow'

/** Edges of one look that are drawn as one path: few elements, and a node that is dragged redraws only the paths it is on. */
const perPath = 120

interface Line {
  from: Point
  to: Point
  source: NodeView
  target: NodeView
  d: string
}

interface Point {
  x: number
  y: number
}

/** Every edge of a large graph seen from afar. None is an element of its own: a click looks for the nearest line. */
export const FarEdges = memo(function FarEdges({
  graph,
  nodes,
  views,
  look,
}: {
  graph: Graph
  nodes: readonly FlowNode[]
  views: ReadonlyMap<string, NodeView>
  look: EdgeLook
}) {
  // Seen from far away a line of 1.5 px would be nothing at all.
  const width = useStore((state) => (state.transform[2] >= 0.3 ? 2 : state.transform[2] >= 0.15 ? 4 : 8))
  const groups = useMemo(() => groupsOf(shownEdges(graph.edges, hiddenIn(graph)), look), [graph, look])
  const lines = useRef(new Map<string, Line>())
  const places = useMemo(() => new Map(nodes.map((node) => [node.id, node.position])), [nodes])
  return (
    <ViewportPortal>
      <svg className="mr-far-edges" aria-hidden style={{ strokeWidth: width }}>
        {groups.flatMap(({ kind, edges }) =>
          chunksOf(edges).map((chunk, index) => (
            <path
              // biome-ignore lint/suspicious/noArrayIndexKey: a path is nothing but its place in the list
              key={`${kind}/${index}`}
              className="mr-edge"
              data-paint={kind === 'idle' || kind === 'tools' || kind === 'lit' ? undefined : kind}
              data-tools={kind === 'tools' || undefined}
              data-lit={kind === 'lit' || undefined}
              d={chunk.map((edge) => lineOf(edge, places, views, lines.current)).join('')}
            />
          )),
        )}
      </svg>
    </ViewportPortal>
  )
})

function groupsOf(edges: readonly GraphEdge[], look: EdgeLook) {
  const groups = new Map<string, GraphEdge[]>()
  for (const edge of edges) {
    const lit = look.selectedEdges?.has(edge.id) || isLit(edge, look)
    const kind = lit ? 'lit' : (look.paint?.get(edge.id) ?? (edge.toPort === 'tools' ? 'tools' : 'idle'))
    const group = groups.get(kind)
    if (group) group.push(edge)
    else groups.set(kind, [edge])
  }
  // What is lit lies on top.
  return [...groups].map(([kind, list]) => ({ kind, edges: list })).sort((a, b) => Number(a.kind === 'lit') - Number(b.kind === 'lit'))
}

function chunksOf(edges: readonly GraphEdge[]): GraphEdge[][] {
  return Array.from({ length: Math.ceil(edges.length / perPath) }, (_, index) => edges.slice(index * perPath, (index + 1) * perPath))
}

function lineOf(edge: GraphEdge, places: ReadonlyMap<string, Point>, views: ReadonlyMap<string, NodeView>, lines: Map<string, Line>) {
  const from = places.get(edge.from)
  const to = places.get(edge.to)
  const source = views.get(edge.from)
  const target = views.get(edge.to)
  if (!from || !to || !source || !target) return ''
  const known = lines.get(edge.id)
  if (known && known.source === source && known.target === target && same(known.from, from) && same(known.to, to)) return known.d
  const d = farPath(edge, from, source, to, target)
  lines.set(edge.id, { from, to, source, target, d })
  return d
}

const same = (a: Point, b: Point) => a.x === b.x && a.y === b.y
