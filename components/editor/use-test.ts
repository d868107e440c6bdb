'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { showProblem } from '@/components/api/show-problem'
import { useTRPC } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import { effectsOf } from '@/workflows/graph/effects-of'
import { planTest, type TestMode } from '@/workflows/graph/plan-test'
import type { Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { useEditor, useFacts } from './editor-context'
import { answerTo } from './effect-answers'

export type Instead = { nodeId: string; output?: Json }

/** Runs a step, the way up to it, what follows it, or everything, on the draft as it is on screen. */
export function useTest() {
  const trpc = useTRPC()
  const t = useTranslations('editor.test')
  const common = useTranslations('common')
  const { editor, ui, workflow } = useEditor()
  const { results, reloadResults } = useFacts()
  const mutation = useMutation(
    trpc.drafts.testNode.mutationOptions({
      onError: (error) => showProblem(error, common),
      meta: { inline: true },
    }),
  )
  /** Runs at once, whatever it does outside. */
  const run = async (nodeId: string, mode: TestMode, input: Json | undefined, instead: readonly Instead[]) => {
    const { graph } = editor.getState()
    const planned = planTest(graph, { nodeId, mode, input, instead }, [...results.values()], catalogue)
    ui.setState({ asking: null, testing: new Set(planned.ok ? planned.plan.runs : [nodeId]) })
    try {
      // The server tests the draft it has, so what is on screen goes first.
      await editor.flush()
      const answer = await mutation.mutateAsync({
        workflowId: workflow.id,
        nodeId,
        mode,
        ...(input === undefined ? {} : { input }),
        ...(instead.length > 0 ? { instead: [...instead] } : {}),
      })
      ui.setState({ showResults: true })
      const failed = answer.status === 'failed' ? answer.results.find((one) => one.status === 'failed' && !one.stale) : undefined
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
  /** Asks first where a model would fill in fields, or where something would really happen that nobody agreed to yet. */
  const test = async (nodeId: string, mode: TestMode, input?: Json) => {
    const { graph } = editor.getState()
    const planned = planTest(graph, { nodeId, mode, input }, [...results.values()], catalogue)
    if (!planned.ok && planned.reason === 'no_fields') return ui.setState({ asking: { nodeId, mode, input, about: 'input' } })
    const effects = planned.ok ? effectsOf(planned.plan.graph, planned.plan.runs, catalogue) : []
    const answers = effects.map((effect) => answerTo(workflow.id, effect))
    if (answers.some((answer) => answer === null)) return ui.setState({ asking: { nodeId, mode, input, about: 'effects' } })
    return run(
      nodeId,
      mode,
      input,
      answers.flatMap((answer) => (answer?.kind === 'instead' ? [answer.instead] : [])),
    )
  }
  return { test, run, pending: mutation.isPending }
}
