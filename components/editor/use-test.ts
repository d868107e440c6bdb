'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { problemOf } from '@/components/api/problem'
import { showProblem } from '@/components/api/show-problem'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { toast } from '@/components/ui/toaster'
import type { TestMode, TestRequest } from '@/workflows/graph/plan-test'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { spoken } from '@/workflows/words/spoken'
import { type DraftResult, useEditor, useFacts } from './editor-context'
import type { GoOn, Instead, StoppedTest } from './stopped-test'
import { beginTesting, noTesting } from './test-progress'

type Answer = Outputs['drafts']['testNode']

interface Begun {
  nodeId: string
  mode: TestMode
  input: Json | undefined
  instead: readonly Instead[]
}

/** Where a test is held whose run goes on from there. */
async function heldAt(
  begun: Begun,
  request: TestRequest,
  answer: Answer,
  held: NonNullable<Answer['held']>,
  before: StoppedTest | null,
): Promise<StoppedTest> {
  const { nodeId, mode, input } = begun
  const { portsTaken } = await loadPlanning()
  return {
    nodeId,
    mode,
    ...(input === undefined ? {} : { input }),
    at: [held.nodeId],
    taken: new Map([...(before?.taken ?? []), ...portsTaken(answer.ran, answer.results)]),
    changed: before?.changed ?? new Map(),
    startedAt: Date.now(),
    held: { ...held, runId: answer.runId, request, changes: { outputs: {} } },
  }
}

/** Nobody tests before the canvas stands; it is fetched when the page has come to rest. */
export const loadPlanning = () => import('./planning')

/** Where a test stands that ended before breakpoints; null at its end. */
async function standsAt(
  graph: Graph,
  begun: Begun,
  request: TestRequest,
  answer: Answer,
  before: StoppedTest | null,
): Promise<StoppedTest | null> {
  const { nodeId, mode, input } = begun
  const { planTest, portsTaken, stopOf } = await loadPlanning()
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

/** What a test can take as known: results of one iteration are of no use to another. */
const ownResults = (results: ReadonlyMap<string, DraftResult>) => [...results.values()].filter((one) => one.iteration === undefined)

/** Runs a step, the way up to it, what follows it, or everything, on the draft as it is on screen. */
export function useTest() {
  const trpc = useTRPC()
  const t = useTranslations('editor.test')
  const words = useTranslations('ui')
  const router = useRouter()
  const { path } = useOrganization()
  const { editor, ui, workflow } = useEditor()
  const { results, reloadResults } = useFacts()
  const mutation = useMutation(
    trpc.drafts.testNode.mutationOptions({
      onError: (error) => showProblem(error, words),
      meta: { inline: true },
    }),
  )
  const goingOn = useMutation(
    trpc.drafts.goOn.mutationOptions({
      onError: (error) => showProblem(error, words),
      meta: { inline: true },
    }),
  )
  /** Null where its code could not be fetched, which it says. */
  const planner = () =>
    loadPlanning().catch((error) => {
      showProblem(error, words)
      return null
    })
  /** Says what came of a test, and where it stands. */
  const land = async (begun: Begun, request: TestRequest, answer: Answer, before: StoppedTest | null, tellsEnd: boolean) => {
    const { graph } = editor.getState()
    ui.setState({ showResults: true })
    const openRun = { action: { label: t('openRun'), onClick: () => router.push(path(`/runs/${answer.runId}`)) } }
    const failed = answer.status === 'failed' ? answer.results.find((one) => one.status === 'failed' && !one.stale) : undefined
    const left = answer.held
      ? await heldAt(begun, request, answer, answer.held, before)
      : !failed && answer.finished && answer.status !== 'cancelled'
        ? await standsAt(graph, begun, request, answer, before)
        : null
    if (failed) {
      const title = graph.nodes.find((node) => node.id === failed.nodeId)?.title ?? ''
      toast.error(t('failedAt', { node: title }), {
        description: failed.error && spoken(failed.error.message),
        action: { label: t('open'), onClick: () => ui.open(failed.nodeId) },
      })
    } else if (answer.status === 'cancelled') {
      toast(t('cancelled'), openRun)
    } else if (!answer.finished && !answer.held) {
      const at = new Set(answer.waiting.map((one) => one.nodeId))
      const waits = graph.nodes.filter((node) => at.has(node.id)).map((node) => node.title)
      toast(waits.length > 0 ? t('waitsAt', { steps: waits.join(', ') }) : t('goesOn'), openRun)
    }
    if (left) ui.setState({ stopped: left })
    else if (answer.status === 'succeeded' && tellsEnd) toast.success(t('done', { count: answer.results.length }))
    return left
  }
  /** Runs at once, whatever it does outside; with `goOn` it goes on with the test that stands still. */
  const run = async (nodeId: string, mode: TestMode, input: Json | undefined, instead: readonly Instead[], goOn: GoOn | null = null) => {
    const planning = await planner()
    if (!planning) return
    const { planTest, requestOf, holdsOf } = planning
    const { graph } = editor.getState()
    const { breakpoints } = ui.getState()
    const stopped = goOn && ui.getState().stopped
    const request = requestOf({ nodeId, mode, input, instead }, graph, breakpoints, stopped, goOn)
    const holdBefore = holdsOf(graph, breakpoints)
    const planned = planTest(graph, request, ownResults(results), catalogue)
    ui.setState({ asking: null, stopped: null, testing: beginTesting(planned.ok ? planned.plan.runs : [nodeId], results) })
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
        ...(holdBefore.length > 0 ? { holdBefore } : {}),
      })
      left = await land({ nodeId, mode, input, instead }, request, answer, stopped, mode === 'all' || goOn !== null)
    } catch {
      // Said by the mutation. A test that stood still stands there yet.
      if (stopped) ui.setState({ stopped })
    } finally {
      ui.setState({ testing: noTesting })
      reloadResults()
    }
    // Held back by a breakpoint that the flow did not come to.
    if (left && !left.held && ui.getState().stopped === left && left.at.every((id) => !(request.stopBefore ?? []).includes(id)))
      await test(nodeId, mode, input, 'continue')
  }
  /** Lets the test go on that is held: to what is next in the same iteration, or to the next breakpoint. */
  const goOnHeld = async (how: GoOn) => {
    const { stopped, breakpoints } = ui.getState()
    if (!stopped?.held) return
    const { held, nodeId, mode, input } = stopped
    const { outputs, ...changes } = held.changes
    ui.setState({ stopped: null, testing: beginTesting([held.nodeId], results) })
    let left: StoppedTest | null = null
    try {
      const answer = await goingOn.mutateAsync({
        workflowId: workflow.id,
        runId: held.runId,
        path: held.path,
        step: how === 'step',
        holdBefore: [...breakpoints],
        ...changes,
        outputs: Object.entries(outputs).map(([path, output]) => ({ path, output })),
      })
      const begun = { nodeId, mode, input, instead: held.request.instead ?? [] }
      left = await land(begun, held.request, answer, stopped, true)
    } catch (error) {
      // Said by the mutation. Unless it is over it is held there yet, with what was changed meanwhile.
      if (!['CONFLICT', 'NOT_FOUND'].includes(problemOf(error)?.code ?? '')) ui.setState({ stopped })
    } finally {
      ui.setState({ testing: noTesting })
      reloadResults()
    }
    if (left && !left.held && left.at.every((id) => !(held.request.stopBefore ?? []).includes(id)))
      await test(nodeId, mode, input, 'continue')
  }
  /**
   * Asks first where a model would fill in fields, or where something would really happen that nobody agreed to yet. A step that nothing came
   * in to is tested with what leads to it.
   */
  const test = async (nodeId: string, mode: TestMode, input?: Json, goOn: GoOn | null = null): Promise<void> => {
    const planning = await planner()
    if (!planning) return
    const { planTest, requestOf, effectsOf, answerTo } = planning
    const { graph } = editor.getState()
    const { breakpoints, stopped } = ui.getState()
    const request = requestOf({ nodeId, mode, input }, graph, breakpoints, goOn && stopped, goOn)
    const planned = planTest(graph, request, ownResults(results), catalogue)
    if (!planned.ok && planned.reason === 'no_fields') return ui.setState({ asking: { nodeId, mode, input, about: 'input' } })
    if (!planned.ok && planned.reason === 'no_input' && planned.untested && mode === 'node') return test(nodeId, 'upTo', input)
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
  return { test, run, goOnHeld, pending: mutation.isPending || goingOn.isPending }
}
