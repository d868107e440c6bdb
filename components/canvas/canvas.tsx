'use client'

import '@xyflow/react/dist/base.css'
import './canvas.css'
import { Background, BackgroundVariant, ReactFlow, SelectionMode, useStore } from '@xyflow/react'
import { useTranslations } from 'next-intl'
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Graph } from '@/workflows/graph/schema'
import { type CanvasActions, CanvasProvider, FarProvider } from './canvas-context'
import type { CanvasProps, FlowProps } from './canvas-props'
import { Channel, type ChannelEdge } from './channel-edge'
import { FarEdges } from './far-edges'
import { FrameNode } from './frame-node'
import { GuideLines } from './guide-lines'
import type { Guide } from './guides'
import { NodeCard } from './node-card'
import type { NodeView } from './node-view'
import { StickyNote } from './sticky-note'
import { type EdgeLook, type FlowNode, toFlowEdges, toFlowNodes } from './to-flow'
import { useFirstView } from './use-first-view'
import { noGuides, useHandlers } from './use-handlers'
import { useKeptFit } from './use-kept-fit'
import { viewsOf } from './views-of'
import { zoomRange } from './zoom'

const nodeTypes = { card: NodeCard, note: StickyNote, frame: FrameNode }
const edgeTypes = { channel: Channel }
const noSelection: ReadonlySet<string> = new Set()
const noEdges: ChannelEdge[] = []
const beadsUpTo = 150
/** Above this many nodes and edges, what is far away or out of sight is not drawn in full. */
const largeFrom = 300

/** The one drawing of a graph: built in the editor, painted in a run, coloured in a comparison. Must stand in a ReactFlowProvider. */
export const Canvas = memo(function Canvas(props: CanvasProps) {
  const { graph, mode, traced } = props
  const box = useRef<HTMLDivElement>(null)
  const views = useViews(graph)
  const firstView = useFirstView(box, graph.nodes, views, mode === 'build')
  const zoom = useStore((state) => (state.transform[2] < 0.45 ? 'plain' : state.transform[2] < 0.8 ? 'compact' : 'full'))
  const [ready, setReady] = useState(false)
  const [connecting, setConnecting] = useState<'tools' | 'flow' | null>(null)
  const actions = useMemo<CanvasActions>(() => ({ mode, ...props.actions }), [mode, props.actions])
  const large = graph.nodes.length + graph.edges.length > largeFrom
  return (
    <CanvasProvider value={actions}>
      <FarProvider value={large && zoom === 'plain'}>
        <div
          ref={box}
          className="mr-canvas"
          data-testid="canvas"
          data-mode={mode}
          data-zoom={zoom}
          data-ready={ready || undefined}
          data-tracing={traced ? true : undefined}
          data-connecting={connecting ?? undefined}
          data-calm={graph.edges.length > beadsUpTo || undefined}
        >
          {firstView && (
            <Flow
              {...props}
              views={views}
              firstView={firstView}
              large={large}
              far={large && zoom === 'plain'}
              onReady={setReady}
              onConnecting={setConnecting}
            />
          )}
        </div>
      </FarProvider>
    </CanvasProvider>
  )
})

function Flow(props: FlowProps) {
  const { graph, mode, views, paint, edgePaint, edgeLabels, selection = noSelection, selectedEdges, traced, far, large } = props
  const t = useTranslations('editor.canvas')
  const build = mode === 'build'
  const look = useMemo<EdgeLook>(
    () => ({ paint: edgePaint, selection: build ? selection : noSelection, selectedEdges, lit: traced?.edges, labels: edgeLabels }),
    [edgePaint, edgeLabels, build, selection, selectedEdges, traced],
  )
  const painted = {
    views,
    paint,
    selection,
    traced: traced?.nodes,
    renaming: props.renaming,
    dropTarget: props.dropTarget,
    draggable: build,
  }
  const [nodes, setNodes] = useState<FlowNode[]>(() => toFlowNodes(graph, painted, []))
  // biome-ignore lint/correctness/useExhaustiveDependencies: painted is made of exactly these
  useLayoutEffect(() => {
    setNodes((previous) => toFlowNodes(graph, painted, previous))
  }, [graph, views, paint, selection, traced, props.renaming, props.dropTarget, build])
  useHandlesAfterFar(far, setNodes)
  const edges = useEdges(graph, look, far)
  useReady(graph, props.onReady)
  useKeptFit(graph.nodes, views, mode === 'build')
  const [guides, setGuides] = useState<readonly Guide[]>(noGuides)
  const handlers = useHandlers(props, setNodes, setGuides)
  return (
    <ReactFlow<FlowNode, ChannelEdge>
      aria-label={props.label}
      // Not a stop of Tab, but where focus goes after something was added, so that keys then mean the canvas.
      tabIndex={-1}
      className="focus:outline-none"
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      defaultViewport={props.firstView}
      {...handlers}
      nodesConnectable={build}
      nodesDraggable={build}
      elementsSelectable
      nodesFocusable
      edgesFocusable={build}
      deleteKeyCode={null}
      selectionKeyCode="Shift"
      multiSelectionKeyCode={multiSelection}
      selectionMode={SelectionMode.Partial}
      disableKeyboardA11y
      zoomOnDoubleClick={false}
      panOnScroll
      zoomOnPinch
      zoomActivationKeyCode={zoomKeys}
      minZoom={zoomRange.min}
      maxZoom={zoomRange.max}
      snapToGrid={build}
      snapGrid={snap}
      connectionRadius={28}
      // A press of a port is one too: it ends where it began, without a move, and asks what comes there.
      connectionDragThreshold={0}
      connectOnClick={false}
      paneClickDistance={tremorPx}
      elevateNodesOnSelect={false}
      onlyRenderVisibleElements={large}
      ariaLabelConfig={useMemo(
        () => ({ 'node.a11yDescription.default': t('nodeHelp'), 'edge.a11yDescription.default': t('edgeHelp') }),
        [t],
      )}
    >
      {far ? (
        <FarEdges graph={graph} nodes={nodes} views={views} look={look} />
      ) : (
        <Background variant={BackgroundVariant.Dots} gap={20} size={2.4} />
      )}
      <GuideLines guides={guides} />
      {props.children}
    </ReactFlow>
  )
}

const snap: [number, number] = [4, 4]
/** A hand that trembles by so much between press and release has clicked; more than that has moved the canvas. */
const tremorPx = 4
const multiSelection = ['Shift', 'Meta', 'Control']
const zoomKeys = ['Meta', 'Control']

function useViews(graph: Graph) {
  const last = useRef<Map<string, NodeView> | undefined>(undefined)
  return useMemo(() => {
    last.current = viewsOf(graph, last.current)
    return last.current
  }, [graph])
}

/** From afar a large graph's edges are drawn by FarEdges, so the library gets none. */
function useEdges(graph: Graph, look: EdgeLook, far: boolean) {
  const last = useRef<readonly ChannelEdge[]>([])
  const edges = useMemo(() => {
    if (far) return noEdges
    last.current = toFlowEdges(graph, look, last.current)
    return last.current
  }, [graph, look, far])
  return edges as ChannelEdge[]
}

/**
 * The library reads a node's ports off the page whenever it draws the node, and from afar none are drawn. Coming near, each node is handed
 * over anew, so that it takes the ports that came with it; edges begin and end there.
 */
function useHandlesAfterFar(far: boolean, setNodes: React.Dispatch<React.SetStateAction<FlowNode[]>>) {
  const before = useRef(far)
  useLayoutEffect(() => {
    if (before.current && !far) setNodes((now) => now.map((node) => ({ ...node })))
    before.current = far
  }, [far, setNodes])
}

/** Says once that the graph is drawn and in view. */
function useReady(graph: Graph, onReady: (ready: boolean) => void) {
  const drawn = useStore((state) => state.width > 0 && state.panZoom !== null && (graph.nodes.length === 0 || state.nodes.length > 0))
  useEffect(() => {
    if (drawn) onReady(true)
  }, [drawn, onReady])
}
