import { useReactFlow } from '@xyflow/react'
import { useCallback } from 'react'
import { shownAt } from '@/components/canvas/frames'
import { fitTo } from '@/components/canvas/use-first-view'
import { viewsOf } from '@/components/canvas/views-of'
import { motionMs } from '@/components/ui/motion'
import { useEditor } from './editor-context'
import { wayIntoView } from './places'
import { shownNodes } from './store/containers'

/** A workflow whose cards can be read when all of it is in view stays in view as it grows. */
const wholeFrom = 0.7
/** Pixels of the screen that stay free around what was added. */
const around = 40

/** What was added is chosen, and seen. */
export function useShowAdded() {
  const { editor, ui } = useEditor()
  const { getViewport, setViewport } = useReactFlow()
  return useCallback(
    (made: readonly string[]) => {
      ui.select(made)
      const canvas = document.querySelector('[data-testid="canvas"]')?.getBoundingClientRect()
      const { graph } = editor.getState()
      const views = viewsOf(graph)
      const ids = new Set(made)
      const cards = graph.nodes.flatMap((node) => {
        const view = views.get(node.id)
        return ids.has(node.id) && view ? [{ ...shownAt(node, view), width: view.width, height: view.height }] : []
      })
      if (!canvas || cards.length === 0) return
      const x = Math.min(...cards.map((card) => card.x))
      const y = Math.min(...cards.map((card) => card.y))
      const width = Math.max(...cards.map((card) => card.x + card.width)) - x
      const height = Math.max(...cards.map((card) => card.y + card.height)) - y
      const now = getViewport()
      const room = { left: around, top: around, right: canvas.width - around, bottom: canvas.height - around }
      const way = wayIntoView(now, room, { x, y, width, height })
      if (!way) return
      const whole = fitTo(shownNodes(graph), views, canvas.width, canvas.height, true)
      const next = whole.zoom >= wholeFrom ? whole : { ...now, x: now.x + way.x, y: now.y + way.y }
      void setViewport(next, { duration: motionMs(160) })
    },
    [editor, ui, getViewport, setViewport],
  )
}
