import { useState, useSyncExternalStore } from 'react'
import { useEditor } from './editor-context'
import type { Editor, EditorState } from './store/create-editor'
import { coversPage, type Ui } from './store/ui'

/** About a frame. */
const paceMs = 16
/** What nobody sees waits until nobody types. */
const coveredMs = 400

/**
 * A part of the draft for what only shows it: an edit shows at once, a burst of them (undo held down, a long text typed) no more often than
 * the screen does. With `below`, it stands under a node opened in full, and waits there for a pause in the edits. Fields that are being
 * typed in must use useDraft.
 */
export function usePacedDraft<Part>(select: (state: EditorState) => Part, where: 'beside' | 'below' = 'beside'): Part {
  const { editor, ui } = useEditor()
  const [pace] = useState(() => createPace(editor, where === 'below' ? ui : null))
  const get = () => select(pace.get())
  return useSyncExternalStore(pace.subscribe, get, get)
}

/** Acts whenever the draft has not been edited for a while; the first time also without an edit. */
export function whenRested(editor: Pick<Editor, 'subscribe'>, act: () => void, restMs = coveredMs): () => void {
  let timer = setTimeout(act, restMs)
  const stop = editor.subscribe(() => {
    clearTimeout(timer)
    timer = setTimeout(act, restMs)
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}

export function createPace(editor: Pick<Editor, 'getState' | 'subscribe'>, ui: Pick<Ui, 'getState' | 'subscribe'> | null) {
  let shown = editor.getState()
  const isCovered = () => ui !== null && coversPage(ui.getState())
  return {
    get: () => shown,
    subscribe: (notify: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const show = () => {
        timer = undefined
        const now = editor.getState()
        if (now === shown) return
        shown = now
        if (!isCovered()) timer = setTimeout(show, paceMs)
        notify()
      }
      const stop = editor.subscribe(() => {
        if (isCovered()) {
          clearTimeout(timer)
          timer = setTimeout(show, coveredMs)
        } else if (timer === undefined) show()
      })
      const stopLooking = ui?.subscribe(() => {
        if (isCovered()) return
        clearTimeout(timer)
        show()
      })
      show()
      return () => {
        stop()
        stopLooking?.()
        clearTimeout(timer)
      }
    },
  }
}
