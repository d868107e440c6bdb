import { type NodeHandle, Position } from '@xyflow/react'
import type { Graph, GraphEdge } from '@/workflows/graph/schema'
import type { ChannelEdge } from './channel-edge'
import type { FrameFlowNode } from './frame-node'
import { hiddenIn, shownAt } from './frames'
import type { CardNode } from './node-card'
import { type EdgePaint, type NodePaint, samePaint } from './node-paint'
import type { NodeView } from './node-view'
import { shownEdges } from './shown-edges'
import { inTop, outPoint } from './size-of-node'
import type { NoteNode } from './sticky-note'

export type FlowNode = CardNode | NoteNode | FrameFlowNode

export interface Painted {
  views: ReadonlyMap<string, NodeView>
  paint?: ReadonlyMap<string, NodePaint>
  selection?: ReadonlySet<string>
  traced?: ReadonlySet<string> | null
  renaming?: string | null
  dropTarget?: string | null
  draggable: boolean
}

/** Nodes for the canvas library; those that look as before keep their identity, and one being dragged keeps its place. */
export function toFlowNodes(graph: Graph, painted: Painted, previous: FlowNode[]): FlowNode[] {
  const before = new Map(previous.map((node) => [node.id, node]))
  const hidden = hiddenIn(graph)
  const nodes = graph.nodes.flatMap((node): FlowNode[] => {
    const view = painted.views.get(node.id)
    if (!view || hidden.has(node.id)) return []
    const old = before.get(node.id)
    const paint = painted.paint?.get(node.id)
    const data = {
      view,
      paint: old?.data.paint && paint && samePaint(old.data.paint, paint) ? old.data.paint : paint,
      renaming: painted.renaming === node.id || undefined,
      traced: painted.traced?.has(node.id) || undefined,
      dropTarget: painted.dropTarget === node.id || undefined,
    }
    const selected = painted.selection?.has(node.id) ?? false
    const draggable = painted.draggable && !view.locked && !view.frame?.stuck
    const position = old?.dragging ? old.position : shownAt(node, view)
    const sameData =
      old &&
      old.data.view === data.view &&
      old.data.paint === data.paint &&
      old.data.renaming === data.renaming &&
      old.data.traced === data.traced &&
      old.data.dropTarget === data.dropTarget
    if (
      sameData &&
      old.selected === selected &&
      old.position.x === position.x &&
      old.position.y === position.y &&
      old.draggable === draggable
    )
      return [old]
    const common = {
      id: node.id,
      position,
      selected,
      draggable,
      ariaLabel: `${view.title}, ${view.typeTitle}`,
      // Sizes follow from what a card shows, so nothing has to be drawn before the view can be fitted.
      measured: { width: view.width, height: view.height },
      handles: handlesOf(view),
      ...(old?.dragging ? { dragging: true } : {}),
    }
    if (view.shape === 'note')
      return [{ ...common, type: 'note', data: sameData ? old.data : data, width: view.width, height: view.height, zIndex: -1 }]
    if (view.shape === 'frame')
      return [
        {
          ...common,
          type: 'frame',
          data: sameData ? old.data : data,
          width: view.width,
          height: view.height,
          // Below what stands in it, and what it holds itself above what holds it; the canvas shows through.
          zIndex: -1000 + (view.frame?.depth ?? 0),
          dragHandle: '.mr-frame-hd',
          style: { pointerEvents: 'none' },
        },
      ]
    return [{ ...common, type: 'card', data: sameData ? old.data : data }]
  })
  return nodes.length === previous.length && nodes.every((node, index) => node === previous[index]) ? previous : nodes
}

const reach = 24

/** Where the ports stand, from the card's upper left corner. */
export function handlesOf(view: NodeView): NodeHandle[] {
  const handle = (id: string, type: 'source' | 'target', position: Position, x: number, y: number): NodeHandle => ({
    id,
    type,
    position,
    x: x - reach / 2,
    y: y - reach / 2,
    width: reach,
    height: reach,
  })
  const ways = [...view.outs, ...(view.frame?.inner ?? [])]
  const handles = ways.map(({ port }) => {
    const { x, y } = outPoint(view, port)
    return handle(port, 'source', Position.Right, x, y)
  })
  if (view.hasIn) handles.push(handle('main', 'target', Position.Left, 0, inTop(view)))
  if (view.hasTools) handles.push(handle('tools', 'target', Position.Bottom, 56, view.height))
  if (view.shape === 'tool' || view.canBeTool) handles.push(handle('tool', 'source', Position.Top, view.width / 2, 0))
  return handles
}

export interface EdgeLook {
  paint?: ReadonlyMap<string, EdgePaint>
  selection?: ReadonlySet<string>
  lit?: ReadonlySet<string> | null
  selectedEdges?: ReadonlySet<string>
  /** What went through them, and the case they stand for. */
  labels?: ReadonlyMap<string, string>
}

/** Edges for the canvas library; those that look as before keep their identity, and so does the list where all of them do. */
export function toFlowEdges(graph: Graph, look: EdgeLook, previous: readonly ChannelEdge[] = []): readonly ChannelEdge[] {
  const before = new Map(previous.map((edge) => [edge.id, edge]))
  const hidden = hiddenIn(graph)
  const shown = hidden.size > 0 ? shownEdges(graph.edges, hidden) : graph.edges
  const titles = new Map(graph.nodes.map((node) => [node.id, node.title]))
  let same = previous.length === shown.length
  const edges = shown.map((edge, index): ChannelEdge => {
    const selected = look.selectedEdges?.has(edge.id) ?? false
    const data = {
      paint: look.paint?.get(edge.id),
      tools: edge.toPort === 'tools',
      lit: isLit(edge, look) || undefined,
      label: look.labels?.get(edge.id),
    }
    const ariaLabel = `${titles.get(edge.from) ?? ''} → ${titles.get(edge.to) ?? ''}`
    const old = before.get(edge.id)
    if (
      old &&
      old.ariaLabel === ariaLabel &&
      old.source === edge.from &&
      old.target === edge.to &&
      old.sourceHandle === edge.fromPort &&
      old.targetHandle === edge.toPort &&
      old.selected === selected &&
      old.data?.paint === data.paint &&
      old.data?.lit === data.lit &&
      old.data?.label === data.label
    ) {
      same &&= previous[index] === old
      return old
    }
    same = false
    return {
      id: edge.id,
      type: 'channel',
      source: edge.from,
      sourceHandle: edge.fromPort,
      target: edge.to,
      targetHandle: edge.toPort,
      selected,
      ariaLabel,
      data,
    }
  })
  return same ? previous : edges
}

export function isLit(edge: GraphEdge, look: Pick<EdgeLook, 'lit' | 'selection'>) {
  return (look.lit?.has(edge.id) || look.selection?.has(edge.from) || look.selection?.has(edge.to)) ?? false
}
