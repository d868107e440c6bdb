import type { Outputs } from '@/components/api/trpc'
import type { KnownResult, TestMode, TestRequest } from '@/workflows/graph/plan-test'
import type { Graph, Json } from '@/workflows/graph/schema'
import { standingOf } from '@/workflows/graph/stopped-at'
import { catalogue } from '@/workflows/nodes/catalogue'

type HeldTest = NonNullable<Outputs['drafts']['testNode']['held']>

/** A step that does not run; without an output its last one stands for it. */
export type Instead = { nodeId: string; output?: Json }

/** A test that is held inside a container, or before what comes after one: its run waits until it is let go on. */
export interface Held extends HeldTest {
  runId: string
  /** What was asked when it began. */
  request: TestRequest
  /** What is changed when it goes on: what comes into the step, the loop's item, what earlier steps gave, by path. */
  changes: { input?: Json; item?: Json; outputs: Readonly<Record<string, Json>> }
}

/** A test that ended before a breakpoint. Nothing waits: what it gave is kept with the draft, and going on is another run from there. */
export interface StoppedTest {
  nodeId: string
  mode: TestMode
  input?: Json
  /** What it would run next. */
  at: readonly string[]
  /** What it ran so far, with the port that each left by. */
  taken: ReadonlyMap<string, string | null>
  /** Values that were changed while it stood still. */
  changed: ReadonlyMap<string, Json>
  startedAt: number
  held?: Held
  /** Nobody goes on with it: until the draft is edited it shows where it was left. */
  left?: true
}

/** Going on with what is next alone, until the next breakpoint, or until another one than this. */
export type GoOn = 'step' | 'continue'

/** After this what a test gave says little of the draft and the world as they are now. */
export const stoppedForMs = 30 * 60_000

/** What is asked of the server: the test as it was begun, with what it has and where it ends. */
export function requestOf(
  begun: { nodeId: string; mode: TestMode; input?: Json | undefined; instead?: readonly Instead[] },
  graph: Graph,
  breakpoints: ReadonlySet<string>,
  stopped: StoppedTest | null,
  goOn: GoOn | null,
): TestRequest {
  const { nodeId, mode, input, instead = [] } = begun
  const own = { nodeId, mode, ...(input === undefined ? {} : { input }) }
  if (mode === 'node') return { ...own, instead }
  const inside = new Set(holdsOf(graph, breakpoints))
  const outermost = [...breakpoints].filter((id) => !inside.has(id))
  if (!stopped || !goOn) return { ...own, instead, stopBefore: outermost.filter((id) => mode !== 'from' || id !== nodeId) }
  const has = [...stopped.taken.keys()].map(
    (id): Instead => ({ nodeId: id, ...(stopped.changed.has(id) ? { output: stopped.changed.get(id) as Json } : {}) }),
  )
  const past = new Set([...stopped.at, ...stopped.taken.keys()])
  const ends = goOn === 'continue' ? outermost : graph.nodes.filter((node) => node.parent === undefined).map((node) => node.id)
  return { ...own, instead: [...has, ...instead], stopBefore: ends.filter((id) => !past.has(id) && !isTrigger(graph, id)) }
}

/** Breakpoints inside containers: what is held there stays under way. */
export function holdsOf(graph: Graph, breakpoints: ReadonlySet<string>): string[] {
  return graph.nodes.filter((node) => node.parent !== undefined && breakpoints.has(node.id)).map((node) => node.id)
}

function isTrigger(graph: Graph, nodeId: string) {
  const type = graph.nodes.find((node) => node.id === nodeId)?.type
  return type !== undefined && catalogue.get(type)?.kind === 'trigger'
}

/**
 * Where a test stands that ended well: at breakpoints, at its end, or before steps that were held back by a breakpoint to which the flow
 * never came; then it goes on by itself.
 */
export function stopOf(
  graph: Graph,
  {
    taken,
    triggerId,
    stopBefore,
    runs,
  }: { taken: ReadonlyMap<string, string | null>; triggerId: string | null; stopBefore: readonly string[]; runs: ReadonlySet<string> },
): { kind: 'stopped'; at: string[] } | { kind: 'on'; at: string[] } | { kind: 'done' } {
  const all = new Map(taken)
  if (triggerId) all.set(triggerId, 'main')
  const next = standingOf(graph, all, catalogue).next.filter((id) => runs.has(id))
  const ends = new Set(stopBefore)
  const at = next.filter((id) => ends.has(id))
  if (at.length > 0) return { kind: 'stopped', at }
  return next.length > 0 ? { kind: 'on', at: next } : { kind: 'done' }
}

/** Ways out of what a test ran, from the results it left. */
export function portsTaken(ran: readonly string[], results: readonly Pick<KnownResult, 'nodeId' | 'port'>[]): Map<string, string | null> {
  const ports = new Map(results.map((result) => [result.nodeId, result.port]))
  return new Map(ran.map((id) => [id, ports.get(id) ?? null]))
}
