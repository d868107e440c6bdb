import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { toast } from '@/components/ui/toaster'
import type { Editor } from './store/create-editor'
import { coversPage, type Ui } from './store/ui'

/**
 * Closes a node that the graph does not hold: an old link names it, or somebody else removed it. Left open, it would show nothing, keep the
 * canvas covered and take its keys.
 */
export function useOpenNode(editor: Editor, ui: Ui) {
  const t = useTranslations('editor.notice')
  useEffect(() => {
    const look = () => {
      const { openNode } = ui.getState()
      if (openNode === null || editor.getState().graph.nodes.some((node) => node.id === openNode)) return
      // In a docked panel whoever removed it saw it go.
      if (coversPage(ui.getState())) toast.warning(t('gone'))
      ui.setState({ openNode: null, openField: null, selection: new Set() })
    }
    look()
    return editor.subscribe((now, before) => {
      if (now.graph.nodes !== before.graph.nodes) look()
    })
  }, [editor, ui, t])
}
