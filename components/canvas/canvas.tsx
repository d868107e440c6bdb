'use client'

import '@xyflow/react/dist/base.css'
import './canvas.css'
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  type FinalConnectionState,
  type NodeChange,
  ReactFlow,
  type ReactFlowProps,
  SelectionMode,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Graph } from '@/workflows/graph/schema'
import { fitOptions } from './canvas-bar'
import { type CanvasActions, type CanvasMode, CanvasProvider } from './canvas-context'
import { Channel, type ChannelEdge } from './channel-edge'
import { NodeCard } from './node-card'
import type { EdgePaint, NodePaint } from './node-paint'
import { type NodeView, viewsOf } from './node-view'
import { StickyNote } from './sticky-note'
import { type FlowNode, toFlowEdges, toFlowNodes } from './to-flow'

const nodeTypes = { card: NodeCard, note: StickyNote }
const edgeTypes = { channel: Channel }
const noSelection: ReadonlySet<string> = new Set()
const beadsUpTo = 150

export interface Move {
  nodeId: string
  before: { x: number; y: number }
  after: { x: number; y: number }
}

export interface CanvasProps {
  graph: Graph
  mode: CanvasMode
  paint?: ReadonlyMap<string, NodePaint>
  edgePaint?: ReadonlyMap<string, EdgePaint>
  selection?: ReadonlySet<string>
  selectedEdges?: ReadonlySet<string>
  onSelect?: (nodes: string[], edges: string[]) => void
  onOpen?: (nodeId: string) => void
  onMove?: (moves: Move[]) => void
  onConnect?: (connection: Connection) => void
  /** A wire was let go over nothing, or a port was clicked. */
  onConnectEnd?: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => void
  isValidConnection?: (connection: Connection) => boolean
  onPaneDoubleClick?: (at: { x: number; y: number }) => void
  onContextMenu?: (event: React.MouseEvent, nodeId: string) => void
  onDragOverNode?: (nodeIds: string[], at: { x: number; y: number } | null) => void
  traced?: { nodes: ReadonlySet<string>; edges: ReadonlySet<string> } | null
  onHover?: (nodeId: string | null) => void
  renaming?: string | null
  dropTarget?: string | null
  actions?: Omit<CanvasActions, 'mode'>
  label: string
  children?: ReactNode
  fitOnLoad?: boolean
}

/** The one drawing of a graph: built in the editor, painted in a run, coloured in a comparison. Must stand in a ReactFlowProvider. */
export function Canvas(props: CanvasProps) {
  const { graph, mode, paint, edgePaint, selection = noSelection, selectedEdges, onSelect, onMove, traced, fitOnLoad = true } = props
  const t = useTranslations('editor.canvas')
  const build = mode === 'build'
  const views = useViews(graph)
  const [nodes, setNodes] = useState<FlowNode[]>([])
  const dragging = useRef(false)
  useEffect(() => {
    setNodes((previous) =>
      toFlowNodes(
        graph,
        { views, paint, selection, traced: traced?.nodes, renaming: props.renaming, dropTarget: props.dropTarget, draggable: build },
        previous,
      ),
    )
  }, [graph, views, paint, selection, traced, props.renaming, props.dropTarget, build])
  const edges = useMemo(
    () => toFlowEdges(graph, { paint: edgePaint, selection: build ? selection : noSelection, selectedEdges, lit: traced?.edges }),
    [graph, edgePaint, selection, selectedEdges, traced, build],
  )
  const ready = useReady(graph, nodes, fitOnLoad)
  const zoom = useStore((state) => (state.transform[2] < 0.45 ? 'plain' : state.transform[2] < 0.8 ? 'compact' : 'full'))
  const [connecting, setConnecting] = useState<string | null>(null)
  const { screenToFlowPosition } = useReactFlow()

  const selected = useRef({ selection, selectedEdges })
  selected.current = { selection, selectedEdges }
  const graphRef = useRef(graph)
  graphRef.current = graph
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      setNodes((now) => applyNodeChanges(withTools(changes, now, graphRef.current, dragging.current), now))
      const chosen = new Set(selected.current.selection)
      let changed = false
      for (const change of changes) {
        if (change.type !== 'select' || chosen.has(change.id) === change.selected) continue
        changed = true
        if (change.selected) chosen.add(change.id)
        else chosen.delete(change.id)
      }
      if (changed) onSelect?.([...chosen], [...(selected.current.selectedEdges ?? [])])
    },
    [onSelect],
  )
  const onEdgesChange = useCallback<NonNullable<ReactFlowProps<FlowNode, ChannelEdge>['onEdgesChange']>>(
    (changes) => {
      const chosen = new Set(selected.current.selectedEdges)
      let changed = false
      for (const change of changes) {
        if (change.type !== 'select' || chosen.has(change.id) === change.selected) continue
        changed = true
        if (change.selected) chosen.add(change.id)
        else chosen.delete(change.id)
      }
      if (changed) onSelect?.([...selected.current.selection], [...chosen])
    },
    [onSelect],
  )
  const actions = useMemo<CanvasActions>(() => ({ mode, ...props.actions }), [mode, props.actions])

  return (
    <CanvasProvider value={actions}>
      <div
        className="mr-canvas"
        data-testid="canvas"
        data-mode={mode}
        data-zoom={zoom}
        data-ready={ready || undefined}
        data-tracing={traced ? true : undefined}
        data-connecting={connecting ?? undefined}
        data-calm={graph.edges.length > beadsUpTo || undefined}
      >
        <ReactFlow<FlowNode, ChannelEdge>
          aria-label={props.label}
          // Not a stop of Tab, but where focus goes after something was added, so that keys then mean the canvas.
          tabIndex={-1}
          className="focus:outline-none"
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onNodeDoubleClick={(event, node) => {
            event.stopPropagation()
            if (node.type !== 'note') props.onOpen?.(node.id)
          }}
          onNodeDragStart={() => {
            dragging.current = true
          }}
          onNodeDrag={(event, _node, dragged) =>
            props.onDragOverNode?.(
              dragged.map((one) => one.id),
              'clientX' in event ? { x: event.clientX, y: event.clientY } : null,
            )
          }
          onNodeDragStop={(_event, _node, dragged) => {
            dragging.current = false
            onMove?.(movesOf(dragged, graph))
          }}
          onNodeMouseEnter={(_event, node) => props.onHover?.(node.id)}
          onNodeMouseLeave={() => props.onHover?.(null)}
          onNodeContextMenu={(event, node) => props.onContextMenu?.(event, node.id)}
          onConnect={(connection) => props.onConnect?.(connection)}
          onConnectStart={(_event, { handleId, handleType }) =>
            setConnecting(handleType === 'target' && handleId === 'tools' ? 'tools' : 'flow')
          }
          onConnectEnd={(event, state) => {
            setConnecting(null)
            props.onConnectEnd?.(event, state)
          }}
          isValidConnection={(connection) => props.isValidConnection?.(connection as Connection) ?? true}
          onDoubleClick={(event) => {
            if ((event.target as Element).classList.contains('react-flow__pane'))
              props.onPaneDoubleClick?.(screenToFlowPosition({ x: event.clientX, y: event.clientY }))
          }}
          nodesConnectable={build}
          nodesDraggable={build}
          elementsSelectable
          nodesFocusable
          edgesFocusable={build}
          deleteKeyCode={null}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
          selectionMode={SelectionMode.Partial}
          disableKeyboardA11y
          zoomOnDoubleClick={false}
          panOnScroll
          zoomOnPinch
          zoomActivationKeyCode={['Meta', 'Control']}
          minZoom={0.05}
          maxZoom={2}
          snapToGrid={build}
          snapGrid={snap}
          connectionRadius={28}
          elevateNodesOnSelect={false}
          onlyRenderVisibleElements={graph.nodes.length > 300}
          ariaLabelConfig={{ 'node.a11yDescription.default': t('nodeHelp'), 'edge.a11yDescription.default': t('edgeHelp') }}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={2.4} />
          {props.children}
        </ReactFlow>
      </div>
    </CanvasProvider>
  )
}

const snap: [number, number] = [4, 4]

function useViews(graph: Graph) {
  const last = useRef<Map<string, NodeView> | undefined>(undefined)
  return useMemo(() => {
    last.current = viewsOf(graph, last.current)
    return last.current
  }, [graph])
}

/** True once the graph is drawn and in view. */
function useReady(graph: Graph, nodes: readonly FlowNode[], fitOnLoad: boolean) {
  const { fitView } = useReactFlow()
  const [ready, setReady] = useState(false)
  const sized = useStore((state) => state.width > 0 && state.height > 0)
  const drawn = sized && (graph.nodes.length === 0 || nodes.length > 0)
  useEffect(() => {
    if (!drawn || ready) return
    if (!fitOnLoad || graph.nodes.length === 0) return setReady(true)
    let live = true
    void fitView({ ...fitOptions, duration: 0 }).then(() => live && setReady(true))
    return () => {
      live = false
    }
  }, [drawn, ready, fitOnLoad, graph.nodes.length, fitView])
  return ready
}

/** An agent takes its tools along. */
function withTools(changes: NodeChange<FlowNode>[], nodes: readonly FlowNode[], graph: Graph, dragging: boolean): NodeChange<FlowNode>[] {
  if (!dragging) return changes
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
      if (tool)
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
  const place = new Map(graph.nodes.map((node) => [node.id, node.position]))
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
