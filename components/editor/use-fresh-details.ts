import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { whenIdle } from '@/components/ui/when-idle'
import type { WorkflowDetails } from './editor-context'
import type { Editor } from './store/create-editor'
import { coversPage, type Ui } from './store/ui'
import { whenRested } from './use-paced-draft'

const restMs = 3_000

/**
 * What the server says about the draft as a whole, such as whether it is still what is live, asked anew once the edits have come to rest
 * and nobody stands in a field: the answer holds the whole graph.
 */
export function useFreshDetails(editor: Editor, ui: Ui, workflow: WorkflowDetails) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { id } = workflow
  const { revision } = workflow.draft
  useEffect(() => {
    let stopIdle = () => {}
    const look = () => {
      const { confirmed, pending } = editor.getState()
      if (confirmed.revision === revision || pending.length > 0 || coversPage(ui.getState())) return
      stopIdle = whenIdle(() => void queryClient.invalidateQueries({ queryKey: trpc.workflows.get.queryKey({ workflowId: id }) }))
    }
    let stopRest = whenRested(editor, look, restMs)
    // Looked at again when the node that covered the page is closed.
    const stopLooking = ui.subscribe((now, before) => {
      if (coversPage(now) || !coversPage(before)) return
      stopRest()
      stopRest = whenRested(editor, look, restMs)
    })
    return () => {
      stopIdle()
      stopRest()
      stopLooking()
    }
  }, [editor, ui, queryClient, trpc, id, revision])
}
