import { useStoreApi } from '@xyflow/react'
import { useEffect } from 'react'
import { hiddenIn, shownAt } from '@/components/canvas/frames'
import { viewsOf } from '@/components/canvas/views-of'
import { motionMs } from '@/components/ui/motion'
import { useEditor } from './editor-context'
import { wayIntoView } from './places'

/** Pixels of the screen that stay free around the card: above it for its actions, below it for those of the canvas. */
const room = { x: 24, top: 56, bottom: 64 }

/** A node that is open below the canvas has its card in sight above the panel: the view moves by no more than that takes. */
export function useCardInSight() {
  const { editor, ui } = useEditor()
  const flow = useStoreApi()
  useEffect(() => {
    let frame = 0
    const look = () => {
      const { openNode, panel } = ui.getState()
      if (panel !== 'docked' || !openNode) return
      const { graph } = editor.getState()
      const id = hiddenIn(graph).get(openNode) ?? openNode
      const node = graph.nodes.find((one) => one.id === id)
      const { width, height, transform, panZoom } = flow.getState()
      if (!node || !panZoom || width === 0 || height === 0) return
      const [x, y, zoom] = transform
      const view = viewsOf(graph).get(id)
      const way = wayIntoView(
        { x, y, zoom },
        { left: room.x, top: room.top, right: width - room.x, bottom: height - room.bottom },
        { ...shownAt(node, view), width: view?.width ?? 208, height: view?.height ?? 56 },
      )
      if (way) void panZoom.setViewport({ x: x + way.x, y: y + way.y, zoom }, { duration: motionMs(200) })
    }
    // When the canvas has its new size, and whoever saw all of the graph sees all of it again.
    const lookSoon = () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(look)
    }
    const stops = [
      ui.subscribe((now, before) => {
        if (now.openNode !== before.openNode || now.panel !== before.panel) lookSoon()
      }),
      flow.subscribe((now, before) => {
        if (now.width !== before.width || now.height !== before.height || now.panZoom !== before.panZoom) lookSoon()
      }),
    ]
    lookSoon()
    return () => {
      cancelAnimationFrame(frame)
      for (const stop of stops) stop()
    }
  }, [editor, ui, flow])
}
