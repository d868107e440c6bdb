'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { showProblem } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import type { Json } from '@/workflows/graph/schema'
import { upstreamOf } from '@/workflows/graph/upstream-of'
import { useEditor, useFacts } from './editor-context'

export type TestMode = 'node' | 'upTo' | 'all'

/** Runs a step, the way up to it, or everything, on the draft as it is on screen. */
export function useTest() {
  const trpc = useTRPC()
  const t = useTranslations('editor.test')
  const common = useTranslations('common')
  const { editor, ui, workflow } = useEditor()
  const { reloadResults } = useFacts()
  const mutation = useMutation(
    trpc.drafts.testNode.mutationOptions({
      onError: (error) => showProblem(error, common),
      meta: { inline: true },
    }),
  )
  const test = async (nodeId: string, mode: TestMode, input?: Json) => {
    const { graph } = editor.getState()
    const path = mode === 'node' ? [nodeId] : mode === 'all' ? graph.nodes.map((node) => node.id) : [nodeId, ...upstreamOf(graph, nodeId)]
    ui.setState({ testing: new Set(path) })
    try {
      // The server tests the draft it has, so what is on screen goes first.
      await editor.flush()
      const answer = await mutation.mutateAsync({ workflowId: workflow.id, nodeId, mode, ...(input === undefined ? {} : { input }) })
      ui.setState({ showResults: true })
      const failed = answer.results.find((one) => one.status === 'failed')
      if (failed) {
        const title = graph.nodes.find((node) => node.id === failed.nodeId)?.title ?? ''
        toast.error(t('failedAt', { node: title }), {
          description: failed.error?.message,
          action: { label: t('open'), onClick: () => ui.open(failed.nodeId) },
        })
      } else if (!answer.finished) toast(t('goesOn'))
      else if (mode === 'all') toast.success(t('done', { count: answer.results.length }))
    } catch {
      // Said by the mutation.
    } finally {
      ui.setState({ testing: new Set() })
      reloadResults()
    }
  }
  return { test, pending: mutation.isPending }
}
