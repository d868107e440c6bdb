import { useReactFlow } from '@xyflow/react'
import { useCallback } from 'react'
import { hiddenIn, shownAt } from '@/components/canvas/frames'
import { viewsOf } from '@/components/canvas/views-of'
import { motionMs } from '@/components/ui/motion'
import { useEditor } from './editor-context'
import { openAround } from './store/open-around'

/** Near enough to read a card. */
const readableZoom = 0.8

/** Chooses a node and brings it into view, out of whatever is collapsed around it. */
export function useReveal() {
  const { editor, ui } = useEditor()
  const { setCenter, getZoom } = useReactFlow()
  return useCallback(
    (nodeId: string, { edges = [] }: { edges?: readonly string[] } = {}) => {
      openAround(editor, nodeId)
      const { graph } = editor.getState()
      // Who may only read sees the card that stands for it.
      const id = hiddenIn(graph).get(nodeId) ?? nodeId
      const node = graph.nodes.find((one) => one.id === id)
      if (!node) return
      ui.select(edges.length > 0 ? [] : [id], edges)
      const view = viewsOf(graph).get(id)
      const { x, y } = shownAt(node, view)
      void setCenter(x + (view?.width ?? 208) / 2, y + (view?.height ?? 56) / 2, {
        zoom: Math.max(getZoom(), readableZoom),
        duration: motionMs(200),
      })
    },
    [editor, ui, setCenter, getZoom],
  )
}
