'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { isWorthRetrying } from '@/components/api/problem'
import { showProblem } from '@/components/api/show-problem'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import { newNodeId } from '@/workflows/graph/new-node-id'
import { spoken } from '@/workflows/words/spoken'
import type { WorkflowDetails } from './editor-context'
import { joinPages } from './living-pages'
import { createEditor, type DraftTransport, type Editor, type Notice } from './store/create-editor'

const newId = () => newNodeId()

/** One editor for the life of the page, tied to the API: sends edits, takes in those of others, says what became of ours. */
export function useDraftEditor(workflow: WorkflowDetails): Editor {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const t = useTranslations('editor.notice')
  const words = useTranslations('ui')
  // What the draft is told from: later answers about the workflow do not begin it anew.
  const [from] = useState(workflow.draft.revision)
  const [editor] = useState(() => {
    const transport: DraftTransport = {
      apply: ({ operations, ...input }) =>
        client.drafts.applyOperations.mutate({
          workflowId: workflow.id,
          ...input,
          operations: operations.map(({ opId, operation }) => ({ opId, operation })),
        }),
      since: (revision) => client.drafts.since.query({ workflowId: workflow.id, revision }),
      reload: async () => {
        const { draft } = await client.workflows.get.query({ workflowId: workflow.id })
        return { graph: draft.graph, revision: draft.revision }
      },
      isFinal: (error) => !isWorthRetrying(error),
    }
    return createEditor({
      workflowId: workflow.id,
      clientId: newId(),
      confirmed: { graph: workflow.draft.graph, revision: workflow.draft.revision },
      transport,
      storage: typeof window === 'undefined' ? null : window.localStorage,
      notify: (notice) => say(notice),
      newId,
      readOnly: !workflow.permissions.includes('workflow.edit'),
    })
  })

  function say(notice: Notice) {
    if (notice.kind === 'refused') toast.error(spoken(notice.problem.message), { id: notice.problem.code })
    if (notice.kind === 'skipped') toast.warning(spoken(notice.problem.message))
    if (notice.kind === 'failed') showProblem(notice.error, words)
    if (notice.kind === 'notKept') toast.warning(t('notKept'), { description: t('notKeptHint'), duration: Number.POSITIVE_INFINITY })
    if (notice.kind === 'overwritten') {
      const mine = textOf(notice.overwrite.found)
      const title = editor.getState().graph.nodes.find((node) => node.id === notice.overwrite.nodeId)?.title ?? ''
      toast.warning(t('overwritten', { node: title, field: notice.overwrite.pointer.split('/').at(-1) ?? '' }), {
        description: mine.slice(0, 200),
        duration: 60_000,
        action: { label: t('copyMine'), onClick: () => void navigator.clipboard?.writeText(mine) },
      })
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor lives as long as the page; what it says is read when it says it
  useEffect(() => {
    editor.start()
    const pages = joinPages(workflow.id, editor.clientId)
    let left = false
    void pages.others().then((living) => {
      const resumed = left ? 0 : editor.resume(living)
      if (resumed > 0) toast.success(t('resumed', { count: resumed }))
    })
    const again = () => void editor.retry()
    window.addEventListener('online', again)
    const leave = (event: BeforeUnloadEvent) => {
      void editor.flush()
      if (editor.wouldLose()) event.preventDefault()
    }
    window.addEventListener('beforeunload', leave)
    return () => {
      window.removeEventListener('online', again)
      window.removeEventListener('beforeunload', leave)
      left = true
      pages.leave()
      void editor.flush()
      // The page's next visitor must not see the draft as it was when this one opened it.
      void queryClient.invalidateQueries({ queryKey: trpc.workflows.get.queryKey({ workflowId: workflow.id }) })
    }
  }, [editor])

  useSubscription(
    trpc.drafts.onChange.subscriptionOptions(
      { workflowId: workflow.id, revision: from },
      {
        onData: (event) => {
          const { operations, reload } = event.data
          void editor.receive(operations, reload)
        },
        onStarted: () => void editor.catchUp(),
      },
    ),
  )
  return editor
}

function textOf(value: unknown) {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}
