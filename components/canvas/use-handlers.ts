import {
  applyNodeChanges,
  type Connection,
  type EdgeChange,
  type NodeChange,
  type ReactFlowProps,
  useReactFlow,
  useStoreApi,
} from '@xyflow/react'
import { useCallback, useMemo, useRef } from 'react'
import type { FlowProps } from './canvas-props'
import type { ChannelEdge } from './channel-edge'
import { edgeAt } from './far-path'
import { withoutTouched } from './frames'
import type { Guide } from './guides'
import { movesOf, snapChange, withCarried } from './moves-of'
import type { FlowNode } from './to-flow'

export const noGuides: readonly Guide[] = []

/** How near to a line a click has to be, in pixels of the screen. */
const reachPx = 8

type Handlers = Pick<
  ReactFlowProps<FlowNode, ChannelEdge>,
  | 'onNodesChange'
  | 'onEdgesChange'
  | 'onNodeDoubleClick'
  | 'onNodeDragStart'
  | 'onNodeDrag'
  | 'onNodeDragStop'
  | 'onNodeMouseEnter'
  | 'onNodeMouseLeave'
  | 'onNodeContextMenu'
  | 'onConnect'
  | 'onConnectStart'
  | 'onConnectEnd'
  | 'isValidConnection'
  | 'onDoubleClick'
  | 'onPaneClick'
  | 'onSelectionStart'
  | 'onSelectionEnd'
>

/**
 * Made once: the library takes each new function into its store, which asks every node and every edge on the canvas whether it has to
 * draw again.
 */
export function useHandlers(
  props: FlowProps,
  setNodes: React.Dispatch<React.SetStateAction<FlowNode[]>>,
  setGuides: (guides: readonly Guide[]) => void,
): Handlers {
  const { screenToFlowPosition, getZoom } = useReactFlow()
  const flow = useStoreApi<FlowNode, ChannelEdge>()
  /** Where a guide holds the node that is dragged; the library itself only knows the pointer. */
  const held = useRef<{ id: string; position: { x: number; y: number } } | null>(null)
  const drawn = useRef(props)
  const latest = useRef(props)
  drawn.current = props
  latest.current = props
  const dragging = useRef(false)
  /** Where a box that selects was begun, on the canvas. */
  const boxFrom = useRef({ x: 0, y: 0 })
  const choose = useCallback((changes: readonly (NodeChange<FlowNode> | EdgeChange<ChannelEdge>)[], kind: 'nodes' | 'edges') => {
    const { selection, selectedEdges, onSelect } = latest.current
    const chosen = { nodes: new Set(selection), edges: new Set(selectedEdges) }
    let changed = false
    for (const change of changes) {
      if (change.type !== 'select' || chosen[kind].has(change.id) === change.selected) continue
      changed = true
      if (change.selected) chosen[kind].add(change.id)
      else chosen[kind].delete(change.id)
    }
    if (!changed) return
    // The library reports nodes and edges one after the other, before anything is drawn again.
    latest.current = { ...latest.current, selection: chosen.nodes, selectedEdges: chosen.edges }
    queueMicrotask(() => {
      latest.current = drawn.current
    })
    onSelect?.([...chosen.nodes], [...chosen.edges])
  }, [])
  return useMemo(
    () => ({
      onNodesChange: (given) => {
        const snap = dragging.current ? snapChange(given, flow.getState().nodes, latest.current.graph, getZoom()) : null
        if (snap) held.current = snap
        // What is measured or chosen in the middle of a drag takes no line away.
        if (dragging.current && given.some((change) => change.type === 'position'))
          setGuides(snap && snap.guides.length > 0 ? snap.guides : noGuides)
        const hold = dragging.current ? held.current : null
        const changes = given.map((change) =>
          hold && change.type === 'position' && change.id === hold.id ? { ...change, position: hold.position } : change,
        )
        setNodes((now) => applyNodeChanges(dragging.current ? withCarried(changes, now, latest.current.graph) : changes, now))
        choose(changes, 'nodes')
      },
      onEdgesChange: (changes) => choose(changes, 'edges'),
      onNodeDoubleClick: (event, node) => {
        event.stopPropagation()
        if (node.type !== 'note') latest.current.onOpen?.(node.id)
      },
      onNodeDragStart: () => {
        dragging.current = true
        held.current = null
      },
      onNodeDrag: (event, _node, dragged) =>
        latest.current.onDragOverNode?.(
          dragged.map((one) => one.id),
          'clientX' in event ? screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false }) : null,
        ),
      onNodeDragStop: (_event, _node, dragged) => {
        dragging.current = false
        setGuides(noGuides)
        const hold = dragged.length === 1 ? held.current : null
        held.current = null
        const placed = dragged.map((node) => (hold?.id === node.id ? { ...node, position: hold.position } : node))
        latest.current.onMove?.(movesOf(placed, latest.current.graph))
      },
      onNodeMouseEnter: (_event, node) => latest.current.onHover?.(node.id),
      onNodeMouseLeave: () => latest.current.onHover?.(null),
      onNodeContextMenu: (event, node) => latest.current.onContextMenu?.(event, node.id),
      onConnect: (connection) => latest.current.onConnect?.(connection),
      onConnectStart: (_event, { handleId, handleType }) =>
        latest.current.onConnecting(handleType === 'target' && handleId === 'tools' ? 'tools' : 'flow'),
      onConnectEnd: (event, state) => {
        latest.current.onConnecting(null)
        latest.current.onConnectEnd?.(event, state)
      },
      isValidConnection: (connection) => latest.current.isValidConnection?.(connection as Connection) ?? true,
      onSelectionStart: (event) => {
        boxFrom.current = screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false })
      },
      onSelectionEnd: (event) => {
        const { selection, selectedEdges, views, graph, onSelect } = latest.current
        const to = screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false })
        const kept = withoutTouched(graph, views, selection ?? new Set(), boxFrom.current, to)
        if (selection && kept.length < selection.size) onSelect?.(kept, [...(selectedEdges ?? [])])
      },
      onPaneClick: (event) => {
        const { far, graph, views, onSelect, mode } = latest.current
        if (!far || mode !== 'build') return
        const at = screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false })
        const edge = edgeAt(graph, views, at, reachPx / getZoom())
        if (edge) onSelect?.([], [edge])
      },
      onDoubleClick: (event) => {
        if ((event.target as Element).classList.contains('react-flow__pane'))
          latest.current.onPaneDoubleClick?.(screenToFlowPosition({ x: event.clientX, y: event.clientY }))
      },
    }),
    [choose, setNodes, setGuides, screenToFlowPosition, getZoom, flow],
  )
}
