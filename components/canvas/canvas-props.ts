import type { Connection, FinalConnectionState, ReactFlowProps } from '@xyflow/react'
import type { ReactNode } from 'react'
import type { Graph } from '@/workflows/graph/schema'
import type { CanvasActions, CanvasMode } from './canvas-context'
import type { Move } from './moves-of'
import type { EdgePaint, NodePaint } from './node-paint'
import type { NodeView } from './node-view'

export interface CanvasProps {
  graph: Graph
  mode: CanvasMode
  paint?: ReadonlyMap<string, NodePaint>
  edgePaint?: ReadonlyMap<string, EdgePaint>
  edgeLabels?: ReadonlyMap<string, string>
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
  /** `at` is the pointer's place on the canvas. */
  onDragOverNode?: (nodeIds: string[], at: { x: number; y: number } | null) => void
  traced?: { nodes: ReadonlySet<string>; edges: ReadonlySet<string> } | null
  onHover?: (nodeId: string | null) => void
  renaming?: string | null
  dropTarget?: string | null
  actions?: Omit<CanvasActions, 'mode'>
  label: string
  children?: ReactNode
}

/** What the library is given beside that. */
export interface FlowProps extends CanvasProps {
  views: ReadonlyMap<string, NodeView>
  firstView: NonNullable<ReactFlowProps['defaultViewport']>
  large: boolean
  far: boolean
  onReady: (ready: boolean) => void
  onConnecting: (what: 'tools' | 'flow' | null) => void
}
