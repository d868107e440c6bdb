import { useState, useSyncExternalStore } from 'react'
import { useEditor } from './editor-context'
import type { Editor, EditorState } from './store/create-editor'

/** About a frame. */
const paceMs = 16

/**
 * A part of the draft for what only shows it: an edit shows at once, a burst of them (undo held down, a long text typed) no more often than
 * the screen does. Fields that are being typed in must use useDraft.
 */
export function usePacedDraft<Part>(select: (state: EditorState) => Part): Part {
  const { editor } = useEditor()
  const [pace] = useState(() => createPace(editor))
  const get = () => select(pace.get())
  return useSyncExternalStore(pace.subscribe, get, get)
}

function createPace(editor: Editor) {
  let shown = editor.getState()
  return {
    get: () => shown,
    subscribe: (notify: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const show = () => {
        timer = undefined
        const now = editor.getState()
        if (now === shown) return
        shown = now
        timer = setTimeout(show, paceMs)
        notify()
      }
      const stop = editor.subscribe(() => {
        if (timer === undefined) show()
      })
      show()
      return () => {
        stop()
        clearTimeout(timer)
      }
    },
  }
}
