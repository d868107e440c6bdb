import type { NodeChange } from '@xyflow/react'
import type { Graph } from '@/workflows/graph/schema'
import { childrenOf, contentsOf, shownAt } from './frames'
import { type Guide, snapTo } from './guides'
import type { FlowNode } from './to-flow'
import { viewsOf } from './views-of'

export interface Move {
  nodeId: string
  before: { x: number; y: number }
  after: { x: number; y: number }
}

/** What goes along with a node that is moved: a container's contents, an agent's tools. */
export function carriedBy(graph: Graph, nodeId: string): Set<string> {
  const carried = childrenOf(graph).has(nodeId) ? contentsOf(graph, [nodeId]) : new Set([nodeId])
  // A tool that was put elsewhere by hand comes along with its agent all the same.
  for (const edge of graph.edges) if (edge.toPort === 'tools' && carried.has(edge.to)) carried.add(edge.from)
  carried.delete(nodeId)
  return carried
}

/** An agent takes its tools along, a container what stands in it. */
export function withCarried(changes: NodeChange<FlowNode>[], nodes: readonly FlowNode[], graph: Graph): NodeChange<FlowNode>[] {
  const extra: NodeChange<FlowNode>[] = []
  const moved = new Set(changes.map((change) => ('id' in change ? change.id : '')))
  for (const change of changes) {
    if (change.type !== 'position' || !change.position) continue
    const carried = [...carriedBy(graph, change.id)].filter((id) => !moved.has(id))
    if (carried.length === 0) continue
    const places = new Map(nodes.map((node) => [node.id, node]))
    const old = places.get(change.id)
    if (!old) continue
    const delta = { x: change.position.x - old.position.x, y: change.position.y - old.position.y }
    for (const id of carried) {
      moved.add(id)
      const node = places.get(id)
      if (node && !node.data.view.locked)
        extra.push({
          id,
          type: 'position',
          dragging: change.dragging,
          position: { x: node.position.x + delta.x, y: node.position.y + delta.y },
        })
    }
  }
  return extra.length > 0 ? [...changes, ...extra] : changes
}

/** What was dragged where, as edits of the graph, with what goes along. */
export function movesOf(dragged: readonly { id: string; position: { x: number; y: number } }[], graph: Graph): Move[] {
  const views = viewsOf(graph)
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const moves = dragged.flatMap(({ id, position }): Move[] => {
    const node = nodes.get(id)
    if (!node || node.locked) return []
    const shown = shownAt(node, views.get(id))
    const by = { x: Math.round(position.x - shown.x), y: Math.round(position.y - shown.y) }
    return by.x === 0 && by.y === 0 ? [] : [moved(node, by)]
  })
  return withAlong(moves, graph, new Set(dragged.map((one) => one.id)))
}

/** The same moves with those of what goes along; `except` stands where it is told by itself. */
export function withAlong(moves: readonly Move[], graph: Graph, except: ReadonlySet<string> = new Set()): Move[] {
  const all = [...moves]
  const known = new Set([...except, ...moves.map((move) => move.nodeId)])
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const { nodeId, before, after } of moves) {
    for (const id of carriedBy(graph, nodeId)) {
      const node = nodes.get(id)
      if (known.has(id) || !node || node.locked) continue
      known.add(id)
      all.push(moved(node, { x: after.x - before.x, y: after.y - before.y }))
    }
  }
  return all
}

function moved(node: { id: string; position: { x: number; y: number } }, by: { x: number; y: number }): Move {
  return { nodeId: node.id, before: node.position, after: { x: node.position.x + by.x, y: node.position.y + by.y } }
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
  // What comes along is nothing to be in line with.
  const along = carriedBy(graph, own.id)
  const others = nodes.filter((node) => node.id !== own.id && !along.has(node.id)).map(sized)
  const { x, y, guides } = snapTo({ ...sized(own), ...only.position }, others, pullPx / zoom)
  return { id: own.id, position: { x, y }, guides }
}
