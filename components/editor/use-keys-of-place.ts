import { useEffect } from 'react'
import { isTyping } from '@/components/frame/is-typing'
import { useEditor } from './editor-context'
import type { UiState } from './store/ui'

/** `?` shows the keys for where one is, before the page's own list, which knows less about that. */
export function useKeysOfPlace() {
  const { ui } = useEditor()
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== '?' || isTyping(event.target) || event.ctrlKey || event.metaKey) return
      if (ui.getState().dialog !== null) return
      event.preventDefault()
      event.stopImmediatePropagation()
      ui.setState({ dialog: 'shortcuts', keysOf: placeOf(document.activeElement) })
    }
    window.addEventListener('keydown', listen, true)
    return () => window.removeEventListener('keydown', listen, true)
  }, [ui])
}

/** Where the person is: the keys of that place come first. */
function placeOf(element: Element | null): UiState['keysOf'] {
  if (element?.closest('[role="tree"]')) return element.closest('[data-node-panel]') ? 'data' : 'outline'
  if (element?.closest('[data-node-panel]')) return 'panel'
  return 'canvas'
}
