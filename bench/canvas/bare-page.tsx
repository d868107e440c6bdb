import '@xyflow/react/dist/style.css'
import { type Edge, type Node, ReactFlow } from '@xyflow/react'
import { createRoot } from 'react-dom/client'

/** The yardstick: the library alone, with as many plain boxes and as many edges as the graph that is measured. */
declare global {
  interface Window {
    bare: { nodes: Node[]; edges: Edge[] }
  }
}

function Page() {
  return (
    <div style={{ position: 'fixed', inset: 0 }} data-testid="canvas" data-ready="true">
      <ReactFlow
        defaultNodes={window.bare.nodes}
        defaultEdges={window.bare.edges}
        fitView
        panOnScroll
        zoomOnPinch
        minZoom={0.05}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      />
    </div>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(<Page />)
