import { useCallback, useEffect, useRef, useState } from 'react'
import { useEditor } from './editor-context'
import { traceOf } from './trace-of'

/** Where the mouse is, for what opens at the pointer; of no use before it `moved`. */
export const pointer = { current: { x: 400, y: 300 }, moved: false }

/** Shift over a node lights up where its data comes from and goes to. */
export function useTrace() {
  const { editor } = useEditor()
  const [traced, setTraced] = useState<ReturnType<typeof traceOf> | null>(null)
  const over = useRef<string | null>(null)
  const shift = useRef(false)
  const look = useCallback(() => {
    const id = shift.current ? over.current : null
    const { graph } = editor.getState()
    setTraced(id && graph.nodes.some((node) => node.id === id) ? traceOf(graph, id) : null)
  }, [editor])
  useEffect(() => {
    const press = (pressed: boolean) => {
      if (shift.current === pressed) return
      shift.current = pressed
      look()
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Shift') press(event.type === 'keydown')
    }
    const onPointer = (event: PointerEvent) => {
      pointer.current = { x: event.clientX, y: event.clientY }
      pointer.moved = true
      if (!event.shiftKey) press(false)
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('keyup', onKey)
    window.addEventListener('pointermove', onPointer)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('keyup', onKey)
      window.removeEventListener('pointermove', onPointer)
    }
  }, [look])
  const onHover = useCallback(
    (nodeId: string | null) => {
      over.current = nodeId
      if (shift.current) look()
    },
    [look],
  )
  return { onHover, traced }
}
