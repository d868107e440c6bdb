import { useStoreApi } from '@xyflow/react'
import { useEffect } from 'react'
import { hiddenIn, shownAt } from '@/components/canvas/frames'
import { viewsOf } from '@/components/canvas/views-of'
import { motionMs } from '@/components/ui/motion'
import { useEditor } from './editor-context'

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
      const at = shownAt(node, view)
      const across = shiftInto(at.x * zoom + x, (view?.width ?? 208) * zoom, room.x, width - room.x)
      const down = shiftInto(at.y * zoom + y, (view?.height ?? 56) * zoom, room.top, height - room.bottom)
      if (across !== 0 || down !== 0) void panZoom.setViewport({ x: x + across, y: y + down, zoom }, { duration: motionMs(200) })
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

/** How far a length has to move to lie between two borders; its beginning counts where it is longer. */
export function shiftInto(from: number, length: number, first: number, last: number): number {
  if (from < first) return first - from
  return from + length > last ? Math.max(last - from - length, first - from) : 0
}
