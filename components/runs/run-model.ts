import type { Outputs } from '@/components/api/trpc'
import { edgeLabels, type Went } from '@/components/canvas/edge-labels'
import type { EdgePaint, NodePaint } from '@/components/canvas/node-paint'
import { attemptsOf } from '@/components/editor/failure-in-words'
import { formatDuration, formatMoney, formatNumber } from '@/components/ui/format'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { GraphNode } from '@/workflows/graph/schema'
import { leavesBy } from '@/workflows/graph/taken-ports'
import { catalogue } from '@/workflows/nodes/catalogue'
import { spoken } from '@/workflows/words/spoken'

export type RunDetail = Outputs['runs']['get']
export type StepItem = Outputs['runs']['steps']['items'][number]

export type StepLook = 'running' | 'succeeded' | 'failed' | 'retrying' | 'waiting' | 'cancelled' | 'unknown'

/** One step of a run with all its attempts, oldest first. */
export interface StepRow {
  path: string
  /** How many containers it stands in, of those that are shown. */
  depth: number
  node: GraphNode | null
  title: string
  attempts: StepItem[]
  last: StepItem
  look: StepLook
  /** All tries the settings allow. */
  triesAtMost: number
  /** Steps inside an agent: its turns and calls, in order. */
  inner: StepItem[]
  /** When the run ended, and with it what still waited. */
  runEnded: Date | null
}

export const isLive = (run: { status: string }) => ['accepted', 'running', 'waiting'].includes(run.status)

/** Later news of an attempt replaces what was known of it. */
export function mergeSteps(known: readonly StepItem[], news: readonly StepItem[]): StepItem[] {
  const all = new Map(known.map((step) => [`${step.path}#${step.attempt}`, step]))
  for (const step of news) {
    const key = `${step.path}#${step.attempt}`
    if ((all.get(key)?.seq ?? -1) <= step.seq) all.set(key, step)
  }
  return [...all.values()].sort((a, b) => a.seq - b.seq)
}

/** The steps of a run; with a prefix such as `<loop>/3/` those of one iteration. */
export function rowsOf(
  run: Pick<RunDetail, 'graph' | 'status'> & Partial<Pick<RunDetail, 'finishedAt'>>,
  steps: readonly StepItem[],
  prefix = '',
): StepRow[] {
  const live = isLive(run)
  const nodes = new Map(run.graph.nodes.map((node) => [node.id, node]))
  const byPath = new Map<string, StepItem[]>()
  const inner = new Map<string, StepItem[]>()
  for (const step of steps) {
    // A way that was not taken: to a reader it was not reached.
    if (step.status === 'skipped' || !step.path.startsWith(prefix)) continue
    const [name = '', ...rest] = step.path.slice(prefix.length).split('/')
    // What an agent did stands below it; what ran in a container is shown with its iteration.
    if (rest.length > 0 && !rest[0]?.startsWith('turn.')) continue
    const list = rest.length > 0 ? inner : byPath
    const known = list.get(prefix + name)
    if (known) known.push(step)
    else list.set(prefix + name, [step])
  }
  // An agent whose own record is not there yet is known by its turns.
  for (const [owner, turns] of inner) {
    const [first] = turns
    if (!byPath.has(owner) && first)
      byPath.set(owner, [{ ...first, path: owner, status: 'started', error: null, retryAt: null, port: null }])
  }
  const rows = [...byPath.entries()].flatMap(([path, unsorted]): StepRow[] => {
    const attempts = [...unsorted].sort((a, b) => a.attempt - b.attempt)
    const last = attempts.at(-1)
    if (!last) return []
    const node = nodes.get(last.nodeId) ?? null
    const definition = node && definitionOf(node, catalogue)
    return [
      {
        path,
        depth: prefix.split('/').length >> 1,
        node,
        title: node?.title ?? last.nodeTitle,
        attempts,
        last,
        look: lookOf(last, live),
        triesAtMost: node && definition ? Math.max(attemptsOf(node.settings, definition), last.attempt) : last.attempt,
        inner: inner.get(path) ?? [],
        runEnded: live ? null : (run.finishedAt ?? null),
      },
    ]
  })
  return rows.sort((a, b) => startOf(a) - startOf(b) || a.last.seq - b.last.seq)
}

function startOf(row: StepRow) {
  return row.attempts[0]?.startedAt.getTime() ?? 0
}

function lookOf(step: StepItem, live: boolean): StepLook {
  if (step.status === 'failed' && step.retryAt && live) return 'retrying'
  if (step.status === 'started') return live ? 'running' : 'unknown'
  if (step.status === 'waiting' || step.status === 'skipped') return live ? 'waiting' : 'cancelled'
  return step.status
}

/** Under a millisecond the digits say nothing. */
export function spanInWords(ms: number): string {
  return ms < 1 ? '< 1 ms' : formatDuration(ms)
}

export function spanOf(row: StepRow): number {
  return tookMs(row, row.last)
}

/** Of a try that waited until the wait or its run was ended: the time until then. */
export function tookMs({ runEnded }: Pick<StepRow, 'runEnded'>, step: StepItem): number {
  const until = step.status === 'waiting' ? (step.waited?.until ?? runEnded) : null
  return until ? Math.max(0, until.getTime() - step.startedAt.getTime()) : step.durationUs / 1000
}

export interface Spent {
  calls: number
  tokens: number
  costMicros: number
  currency: string | null
  practice: boolean
}

export function spentBy(row: StepRow): Spent {
  const turns = row.inner.length > 0 ? row.inner : row.attempts
  return {
    calls: turns.filter((step) => /\/turn\.\d+$/.test(step.path)).length || turns.filter((step) => step.model).length,
    tokens: turns.reduce((sum, step) => sum + (step.inputTokens ?? 0) + (step.outputTokens ?? 0), 0),
    costMicros: turns.reduce((sum, step) => sum + step.costMicros, 0),
    currency: turns.find((step) => step.currency)?.currency ?? null,
    practice: turns.some((step) => step.practice),
  }
}

export interface PaintWords {
  cancelled: string
  unknown: string
  calls: (calls: number, tokens: string) => string
  toolCalls: (calls: number, span: string) => string
  items: (count: number) => string
  /** What a way out of a node is called. */
  way: (port: string) => string
  /** `total` is null where nobody knows how many there will be. */
  iterations: (done: number, total: number | null) => string
}

/** What happened, for the canvas. */
export function paintRun(
  run: Pick<RunDetail, 'graph' | 'status'>,
  rows: readonly StepRow[],
  words: PaintWords,
  loops: ReadonlyMap<string, Outputs['runs']['loop']> = new Map(),
) {
  // A node that runs for each item also stands in its own iterations: the outer one is the node's.
  const byNode = new Map([...rows].reverse().map((row) => [row.last.nodeId, row]))
  const paint = new Map<string, NodePaint>()
  for (const node of run.graph.nodes) {
    const row = byNode.get(node.id)
    const loop = row && loops.get(row.path)
    const painted: NodePaint = row ? nodePaint(row, words) : { status: 'idle' }
    const done = loop && (loop.looks.succeeded ?? 0) + (loop.looks.failed ?? 0)
    paint.set(
      node.id,
      done === undefined || painted.status === 'failed' ? painted : { ...painted, line: words.iterations(done, loop?.total ?? null) },
    )
  }
  for (const row of rows) {
    for (const [nodeId, calls] of toolCallsOf(row)) {
      const span = calls.reduce((sum, step) => sum + step.durationUs / 1000, 0)
      paint.set(nodeId, {
        line: words.toolCalls(calls.length, formatDuration(span)),
        ...(calls.some((call) => call.status === 'started') ? { status: 'running' as const } : {}),
      })
    }
  }
  const edgePaint = new Map<string, EdgePaint>()
  for (const edge of run.graph.edges) {
    if (edge.toPort === 'tools') continue
    const from = byNode.get(edge.from)
    const to = byNode.get(edge.to)
    const taken = from !== undefined && (from.look === 'succeeded' || from.look === 'failed') && leavesBy(from.last.port, edge.fromPort)
    edgePaint.set(edge.id, taken ? (to?.look === 'running' ? 'running' : 'taken') : 'dim')
  }
  const went = new Map<string, Went>()
  for (const [nodeId, row] of byNode)
    if (row.look === 'succeeded') went.set(nodeId, { port: row.last.port, items: row.last.items, durationMs: spanOf(row) })
  const labels = edgeLabels(run.graph, went, { items: words.items, case: words.way })
  return { paint, edgePaint, labels }
}

function toolCallsOf(row: StepRow): Map<string, StepItem[]> {
  const calls = new Map<string, StepItem[]>()
  for (const step of row.inner) {
    const tool = /\/call\.\d+\.([A-Za-z0-9_]+)$/.exec(step.path)?.[1]
    if (tool) calls.set(tool, [...(calls.get(tool) ?? []), step])
  }
  return calls
}

function nodePaint(row: StepRow, words: PaintWords): NodePaint {
  const { last, look } = row
  const spent = spentBy(row)
  const money = spent.costMicros > 0 && spent.currency ? ` · ${formatMoney(spent.costMicros, spent.currency)}` : ''
  const common: NodePaint = {
    port: last.port ?? undefined,
    reused: last.reused || undefined,
    meta: spent.calls > 0 ? words.calls(spent.calls, formatNumber(spent.tokens)) : undefined,
  }
  if (look === 'retrying')
    return { ...common, status: 'retrying', retry: { at: last.retryAt ?? new Date(), attempt: last.attempt + 1, of: row.triesAtMost } }
  if (look === 'running') return { ...common, status: 'running', since: last.startedAt }
  if (look === 'waiting')
    return { ...common, status: 'waiting', since: last.waited?.since ?? last.startedAt, until: last.waited?.dueAt ?? undefined }
  if (look === 'failed') return { ...common, status: 'failed', line: last.error ? spoken(last.error.message) : undefined }
  if (look === 'cancelled') return { ...common, status: 'cancelled', line: words.cancelled }
  if (look === 'unknown') return { ...common, status: 'failed', line: words.unknown }
  return { ...common, status: 'succeeded', line: `${spanInWords(spanOf(row))}${money}` }
}

/** Steps that began again because it was not known how they ended, after a worker was lost. */
export function repeatedSteps(rows: readonly StepRow[]): number {
  return rows.flatMap((row) => row.attempts.slice(0, -1)).filter((step) => step.status === 'started' || step.status === 'unknown').length
}
