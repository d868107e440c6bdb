import type { NodeChange } from '@xyflow/react'
import type { Graph } from '@/workflows/graph/schema'
import { type Guide, snapTo } from './guides'
import type { FlowNode } from './to-flow'

export interface Move {
  nodeId: string
  before: { x: number; y: number }
  after: { x: number; y: number }
}

/** An agent takes its tools along. */
export function withTools(changes: NodeChange<FlowNode>[], nodes: readonly FlowNode[], graph: Graph): NodeChange<FlowNode>[] {
  const extra: NodeChange<FlowNode>[] = []
  const moved = new Set(changes.map((change) => ('id' in change ? change.id : '')))
  for (const change of changes) {
    if (change.type !== 'position' || !change.position) continue
    const tools = graph.edges.filter((edge) => edge.to === change.id && edge.toPort === 'tools' && !moved.has(edge.from))
    if (tools.length === 0) continue
    const old = nodes.find((node) => node.id === change.id)
    if (!old) continue
    const delta = { x: change.position.x - old.position.x, y: change.position.y - old.position.y }
    for (const edge of tools) {
      const tool = nodes.find((node) => node.id === edge.from)
      if (tool && !tool.data.view.locked)
        extra.push({
          id: tool.id,
          type: 'position',
          dragging: change.dragging,
          position: { x: tool.position.x + delta.x, y: tool.position.y + delta.y },
        })
    }
  }
  return extra.length > 0 ? [...changes, ...extra] : changes
}

export function movesOf(dragged: readonly { id: string; position: { x: number; y: number } }[], graph: Graph): Move[] {
  const place = new Map(graph.nodes.flatMap((node) => (node.locked ? [] : [[node.id, node.position] as const])))
  const ids = new Set(dragged.map((node) => node.id))
  const moves = dragged.flatMap((node): Move[] => {
    const before = place.get(node.id)
    if (!before) return []
    const after = { x: Math.round(node.position.x), y: Math.round(node.position.y) }
    return before.x === after.x && before.y === after.y ? [] : [{ nodeId: node.id, before, after }]
  })
  const along = moves.flatMap(({ nodeId, before, after }) =>
    graph.edges.flatMap((edge): Move[] => {
      if (edge.to !== nodeId || edge.toPort !== 'tools' || ids.has(edge.from)) return []
      const from = place.get(edge.from)
      if (!from) return []
      ids.add(edge.from)
      return [{ nodeId: edge.from, before: from, after: { x: from.x + after.x - before.x, y: from.y + after.y - before.y } }]
    }),
  )
  return [...moves, ...along]
}

/** How far a guide pulls, in pixels of the screen. */
const pullPx = 6

/** One node that is dragged is pulled into line with the others. Null where several are dragged or none: those keep their own order. */
export function snapChange(
  changes: readonly NodeChange<FlowNode>[],
  nodes: readonly FlowNode[],
  graph: Graph,
  zoom: number,
): { id: string; position: { x: number; y: number }; guides: Guide[] } | null {
  const moved = changes.filter((change) => change.type === 'position' && change.dragging && change.position)
  const [only] = moved
  if (moved.length !== 1 || only?.type !== 'position' || !only.position) return null
  const own = nodes.find((node) => node.id === only.id)
  if (!own) return null
  const sized = (node: FlowNode) => ({ ...node.position, width: node.data.view.width, height: node.data.view.height })
  // An agent's tools come along, so that nothing can be in line with them.
  const along = new Set(graph.edges.filter((edge) => edge.to === own.id && edge.toPort === 'tools').map((edge) => edge.from))
  const others = nodes.filter((node) => node.id !== own.id && !along.has(node.id)).map(sized)
  const { x, y, guides } = snapTo({ ...sized(own), ...only.position }, others, pullPx / zoom)
  return { id: own.id, position: { x, y }, guides }
}
