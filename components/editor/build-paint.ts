import { hiddenIn } from '@/components/canvas/frames'
import type { NodePaint } from '@/components/canvas/node-paint'
import { formatDuration } from '@/components/ui/format'
import type { Graph, Problem } from '@/workflows/graph/schema'
import { spoken } from '@/workflows/words/spoken'
import type { DraftResult } from './editor-context'

/** What the editor says about its nodes: problems, pinned and stale data, and what a test gave until the next edit. */
export function buildPaint(
  graph: Graph,
  problems: readonly Problem[],
  results: ReadonlyMap<string, DraftResult>,
  testing: ReadonlySet<string>,
  showResults: boolean,
  stops: { breakpoints: ReadonlySet<string>; at: readonly string[] },
): Map<string, NodePaint> {
  const errors = new Map<string, Problem[]>()
  const hidden = hiddenIn(graph)
  for (const problem of problems)
    if (problem.nodeId && problem.severity === 'error') {
      // What a collapsed frame hides is said at its card.
      const id = hidden.get(problem.nodeId) ?? problem.nodeId
      errors.set(id, [...(errors.get(id) ?? []), problem])
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
    if (result?.stale) look.stale = true
    if (stops.at.includes(node.id)) look.breakpoint = 'here'
    else if (stops.breakpoints.has(node.id)) look.breakpoint = 'set'
    if (testing.has(node.id)) look.status = 'running'
    else if (showResults && result && !result.stale) Object.assign(look, resultPaint(result))
    if (Object.keys(look).length > 0) paint.set(node.id, look)
  }
  return paint
}

function resultPaint(result: DraftResult): NodePaint {
  if (result.status === 'failed') return { status: 'failed', line: spoken(result.error?.message ?? '') }
  if (result.status === 'waiting') return { status: 'waiting' }
  if (result.status !== 'succeeded') return {}
  return {
    status: 'succeeded',
    line: result.durationMs === null ? undefined : formatDuration(result.durationMs),
    port: result.port ?? undefined,
  }
}
