'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { showProblem } from '@/components/api/show-problem'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import { effectsOf } from '@/workflows/graph/effects-of'
import { planTest, type TestMode, type TestRequest } from '@/workflows/graph/plan-test'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { spoken } from '@/workflows/words/spoken'
import { useEditor, useFacts } from './editor-context'
import { answerTo } from './effect-answers'
import { type GoOn, type Instead, portsTaken, requestOf, type StoppedTest, stopOf } from './stopped-test'

type Answer = Outputs['drafts']['testNode']

/** Where a test stands that ended before breakpoints; null at its end. */
function standsAt(
  graph: Graph,
  begun: { nodeId: string; mode: TestMode; input: Json | undefined; instead: readonly Instead[] },
  request: TestRequest,
  answer: Answer,
  before: StoppedTest | null,
): StoppedTest | null {
  const { nodeId, mode, input } = begun
  const whole = planTest(graph, { ...request, stopBefore: [] }, answer.results, catalogue)
  if (mode === 'node' || !whole.ok) return null
  const replaced = begun.instead.map((one) => one.nodeId)
  const pinned = answer.results.filter((one) => one.pinned).map((one) => one.nodeId)
  const known = [...whole.plan.known.keys()]
  const taken = new Map([...(before?.taken ?? []), ...portsTaken([...known, ...pinned, ...replaced, ...answer.ran], answer.results)])
  const trigger = whole.plan.triggerNodeId
  const stop = stopOf(graph, { taken, triggerId: trigger, stopBefore: request.stopBefore ?? [], runs: new Set(whole.plan.runs) })
  if (stop.kind === 'done') return null
  if (trigger) taken.delete(trigger)
  const changed = new Map([
    ...(before?.changed ?? []),
    ...begun.instead.flatMap((one): [string, Json][] => (one.output === undefined ? [] : [[one.nodeId, one.output]])),
  ])
  return {
    nodeId,
    mode,
    ...(input === undefined ? {} : { input }),
    at: stop.at,
    taken,
    changed,
    startedAt: before?.startedAt ?? Date.now(),
  }
}

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
  /** Runs at once, whatever it does outside; with `goOn` it goes on with the test that stands still. */
  const run = async (nodeId: string, mode: TestMode, input: Json | undefined, instead: readonly Instead[], goOn: GoOn | null = null) => {
    const { graph } = editor.getState()
    const stopped = goOn && ui.getState().stopped
    const request = requestOf({ nodeId, mode, input, instead }, graph, ui.getState().breakpoints, stopped, goOn)
    const planned = planTest(graph, request, [...results.values()], catalogue)
    ui.setState({ asking: null, stopped: null, testing: new Set(planned.ok ? planned.plan.runs : [nodeId]) })
    let left: StoppedTest | null = null
    try {
      // The server tests the draft it has, so what is on screen goes first.
      await editor.flush()
      const answer = await mutation.mutateAsync({
        workflowId: workflow.id,
        nodeId,
        mode,
        ...(input === undefined ? {} : { input }),
        ...(request.instead && request.instead.length > 0 ? { instead: [...request.instead] } : {}),
        ...(request.stopBefore && request.stopBefore.length > 0 ? { stopBefore: [...request.stopBefore] } : {}),
      })
      ui.setState({ showResults: true })
      const failed = answer.status === 'failed' ? answer.results.find((one) => one.status === 'failed' && !one.stale) : undefined
      if (failed) {
        const title = graph.nodes.find((node) => node.id === failed.nodeId)?.title ?? ''
        toast.error(t('failedAt', { node: title }), {
          description: failed.error && spoken(failed.error.message),
          action: { label: t('open'), onClick: () => ui.open(failed.nodeId) },
        })
      } else if (!answer.finished) toast(t('goesOn'))
      else left = standsAt(graph, { nodeId, mode, input, instead }, request, answer, stopped)
      if (left) ui.setState({ stopped: left })
      else if (answer.finished && !failed && (mode === 'all' || goOn)) toast.success(t('done', { count: answer.results.length }))
    } catch {
      // Said by the mutation.
    } finally {
      ui.setState({ testing: new Set() })
      reloadResults()
    }
    // Held back by a breakpoint that the flow did not come to.
    if (left && ui.getState().stopped === left && left.at.every((id) => !(request.stopBefore ?? []).includes(id)))
      await test(nodeId, mode, input, 'continue')
  }
  /** Asks first where a model would fill in fields, or where something would really happen that nobody agreed to yet. */
  const test = async (nodeId: string, mode: TestMode, input?: Json, goOn: GoOn | null = null): Promise<void> => {
    const { graph } = editor.getState()
    const { breakpoints, stopped } = ui.getState()
    const request = requestOf({ nodeId, mode, input }, graph, breakpoints, goOn && stopped, goOn)
    const planned = planTest(graph, request, [...results.values()], catalogue)
    if (!planned.ok && planned.reason === 'no_fields') return ui.setState({ asking: { nodeId, mode, input, about: 'input' } })
    const effects = planned.ok ? effectsOf(planned.plan.graph, planned.plan.runs, catalogue) : []
    const answers = effects.map((effect) => answerTo(workflow.id, effect))
    if (answers.some((answer) => answer === null)) return ui.setState({ asking: { nodeId, mode, input, about: 'effects', goOn } })
    return run(
      nodeId,
      mode,
      input,
      answers.flatMap((answer) => (answer?.kind === 'instead' ? [answer.instead] : [])),
      goOn,
    )
  }
  return { test, run, pending: mutation.isPending }
}
