import { hiddenIn } from '@/components/canvas/frames'
import type { NodePaint } from '@/components/canvas/node-paint'
import { formatDuration } from '@/components/ui/format'
import type { Graph, Problem } from '@/workflows/graph/schema'
import { spoken } from '@/workflows/words/spoken'
import type { DraftResult, WaitingStep } from './editor-context'
import { type Testing, testProgress } from './test-progress'

export interface StandsStill {
  /** Steps that the test was to run and has not come to: what an earlier one gave there says nothing of it. */
  notReached: ReadonlySet<string>
  /** Containers that it is held in. */
  around: ReadonlySet<string>
}

export const standsNowhere: StandsStill = { notReached: new Set(), around: new Set() }

interface PaintWords {
  /** Which item of a loop a result is of. */
  item: (number: number, total: number) => string
  /** Where somebody stopped a test. */
  stopped: string
}

const noWords: PaintWords = { item: () => '', stopped: '' }

/**
 * What the editor says about its nodes: problems, pinned and stale data, what a test gave until the next edit; where one waits, and where
 * the last one failed, or was stopped, until that is stale or tested again; where one stands still, what it has not come to.
 */
export function buildPaint(
  graph: Graph,
  problems: readonly Problem[],
  {
    results,
    waiting,
    cancelled = null,
  }: {
    results: ReadonlyMap<string, DraftResult>
    waiting: ReadonlyMap<string, Pick<WaitingStep, 'since' | 'dueAt'>>
    cancelled?: { at: readonly string[]; ran: readonly string[] } | null
  },
  testing: Testing,
  showResults: boolean,
  stops: { breakpoints: ReadonlySet<string>; at: readonly string[] } & Partial<StandsStill>,
  words: PaintWords = noWords,
): Map<string, NodePaint> {
  const errors = new Map<string, Problem[]>()
  const hidden = hiddenIn(graph)
  for (const problem of problems)
    if (problem.nodeId && problem.severity === 'error') {
      // What a collapsed frame hides is said at its card.
      const id = hidden.get(problem.nodeId) ?? problem.nodeId
      errors.set(id, [...(errors.get(id) ?? []), problem])
    }
  const { done, running } = testProgress(graph, results, testing)
  const { notReached, around } = { ...standsNowhere, ...stops }
  // Another test that is under way takes the place of what is left of it.
  const left = testing.nodes.size > 0 ? null : cancelled
  const cut = new Set(left?.at)
  const ran = new Set(left?.ran)
  const inTest = (id: string) => testing.nodes.has(id) && !done.has(id)
  // The same of a step that waits or failed there.
  const inside = new Map<string, NodePaint>()
  for (const [id, holder] of hidden) {
    const look = notReached.has(id) ? null : standing(results.get(id), waiting.get(id), cut.has(id) ? words.stopped : null)
    if (look && !inTest(holder) && (look.status === 'failed' || !inside.has(holder))) inside.set(holder, look)
  }
  const paint = new Map<string, NodePaint>()
  for (const node of graph.nodes) {
    const result = results.get(node.id)
    const own = errors.get(node.id)
    const look: NodePaint = {}
    if (own) {
      look.problems = own.length
      look.problem = own[0]?.message
    }
    if (result?.pinned) look.pinned = true
    if (result?.stale && !inTest(node.id)) look.stale = true
    if (stops.at.includes(node.id)) look.breakpoint = 'here'
    else if (stops.breakpoints.has(node.id)) look.breakpoint = 'set'
    if (inTest(node.id)) {
      const wait = waiting.get(node.id)
      if (running.has(node.id)) Object.assign(look, wait ? waitPaint(wait) : { status: 'running' })
    } else if (notReached.has(node.id)) look.status = 'idle'
    else if (around.has(node.id)) look.status = 'paused'
    else
      Object.assign(
        look,
        standing(result, waiting.get(node.id), cut.has(node.id) ? words.stopped : null) ??
          inside.get(node.id) ??
          ((showResults || done.has(node.id) || ran.has(node.id)) && result && !result.stale
            ? resultPaint(result, words.item)
            : // What it gave in one of many iterations is kept with the run alone.
              ran.has(node.id) && !result
              ? { status: 'succeeded' }
              : {}),
      )
    if (Object.keys(look).length > 0) paint.set(node.id, look)
  }
  return paint
}

/** What holds however often the draft is edited elsewhere. What failed in a run is said where runs are. */
function standing(
  result: DraftResult | undefined,
  wait: Pick<WaitingStep, 'since' | 'dueAt'> | undefined,
  stopped: string | null,
): NodePaint | null {
  if (stopped !== null) return { status: 'cancelled', line: stopped }
  if (wait) return waitPaint(wait)
  if (result?.stale) return null
  return result?.status === 'failed' && result.source === 'test' ? resultPaint(result) : null
}

function waitPaint({ since, dueAt }: Pick<WaitingStep, 'since' | 'dueAt'>): NodePaint {
  return { status: 'waiting', since, ...(dueAt ? { until: dueAt } : {}) }
}

function resultPaint(result: DraftResult, itemOf = noWords.item): NodePaint {
  if (result.status === 'failed') return { status: 'failed', line: spoken(result.error?.message ?? '') }
  if (result.status !== 'succeeded') return {}
  const { iteration } = result
  const item = iteration && iteration.index !== null && iteration.total !== null && itemOf(iteration.index + 1, iteration.total)
  const line = [item, result.durationMs !== null && formatDuration(result.durationMs)].filter(Boolean).join(' · ')
  return {
    status: 'succeeded',
    line: line === '' ? undefined : line,
    port: result.port ?? undefined,
  }
}
