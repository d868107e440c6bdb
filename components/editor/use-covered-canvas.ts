import { type RefObject, useEffect } from 'react'
import { whenQuiet } from '@/components/ui/when-idle'
import { useEditor } from './editor-context'
import { coversPage } from './store/ui'

/** From so many nodes on, the browser feels them in each picture it makes, also where something else stands in front of them. */
const many = 150
const quietMs = 300

/**
 * Takes many nodes out of what the browser draws while one of them is opened in full, so that a letter typed there costs the same in a
 * graph of any size. Marked on the element itself: nothing of the page is drawn by React for it.
 */
export function useCoveredCanvas(place: RefObject<HTMLElement | null>) {
  const { editor, ui } = useEditor()
  useEffect(() => {
    let stop = () => {}
    const wait = () => {
      stop = whenQuiet(() => {
        const element = place.current
        if (!element || editor.getState().graph.nodes.length < many) return
        // A canvas that was never drawn has to be measured first.
        if (element.querySelector('[data-testid="canvas"][data-ready="true"]')) element.dataset.covered = ''
        else wait()
      }, quietMs)
    }
    const look = (covered: boolean) => {
      stop()
      if (covered) wait()
      else delete place.current?.dataset.covered
    }
    look(coversPage(ui.getState()))
    const stopLooking = ui.subscribe((now, before) => {
      if (coversPage(now) !== coversPage(before)) look(coversPage(now))
    })
    return () => {
      stop()
      stopLooking()
    }
  }, [editor, ui, place])
}
