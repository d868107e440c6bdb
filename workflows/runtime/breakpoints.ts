import type { Json } from '../graph/schema'
import type { BreakDetail, BreakRelease } from './break-detail'
import type { Frame } from './frame'
import type { Frames, ReadyStep } from './frames'
import type { Host, Plan, PlanScope, SettledWait, StepRecord } from './types'

/** What they need of the slice of a run that they hold up. */
interface Slice {
  plan: Plan
  host: Pick<Host, 'now'>
  frames: Frames
  recordOf(path: string): StepRecord | undefined
  keep(record: StepRecord): void
}

export interface Breakpoints {
  /** Somebody left the test alone for too long: it is over. */
  readonly isLeft: boolean
  /** What somebody changed: puts the item into its frame, and answers what comes into the step instead of what its wires bring. */
  changed(step: ReadyStep): Json | undefined
  /** True where the step does not begin now: it is held, or waits for its turn. */
  catches(step: ReadyStep, input: Json): boolean
  /** Nothing else runs any more: one of those that were caught is held, unless the run goes on elsewhere. True where something new may begin. */
  turn(goesOnElsewhere: boolean): boolean
}

/** After this what a test gave says little of the draft and the world as they are now. */
export const heldForMs = 30 * 60_000
/** Characters of a value that stands beside the wait. */
const mostLength = 128_000

interface Caught extends ReadyStep {
  path: string
  input: Json
}

/**
 * Holds a test before chosen steps, also inside containers. What can run without passing one of them runs first; then exactly one is held,
 * the same whatever ended first: when somebody steps, what is next in the same iteration, else the first in the order of the items.
 */
export function createBreakpoints(execution: Slice, settled: readonly SettledWait[]): Breakpoints | null {
  const releases = settled.flatMap(({ kind, path, result }) =>
    kind === 'break' && result ? [{ path, ...(result as never as BreakRelease) }] : [],
  )
  const [last] = [...releases].sort((a, b) => b.number - a.number)
  if (!last) return null
  const nodes = new Set(last.nodes)
  const passed = new Set(releases.map(({ path }) => path))
  const inputs = new Map(releases.flatMap(({ path, input }): [string, Json][] => (input === undefined ? [] : [[path, input]])))
  const items = new Map(releases.flatMap(({ path, item }): [string, Json][] => (item === undefined ? [] : [[prefixOf(path), item]])))
  let ranks: ReadonlyMap<string, number> | null = null
  let caught: Caught[] = []
  let standing: Caught | null = null

  const dress = (frame: Frame) => {
    const item = items.get(frame.prefix)
    if (item === undefined || frame.item === item) return
    if (frame.input === frame.item) frame.input = item
    frame.item = item
    frame.hashes.clear()
  }

  const hold = ({ frame, id, path, input }: Caught) => {
    const startedAt = execution.host.now()
    const dueAt = new Date(startedAt.getTime() + heldForMs)
    const wait = { kind: 'break' as const, path, attempt: 0 as const, dueAt }
    const detail = detailOf(execution, frame, input)
    execution.keep({ path, attempt: 0, status: 'waiting', startedAt, durationUs: 0, retryAt: dueAt, wait: { ...wait, detail } })
    execution.frames.rest(frame, id, [wait])
  }

  const firstOf = (steps: readonly Caught[]): Caught | undefined => {
    ranks ??= ranksOf(execution.plan)
    const known = ranks
    const near = ({ path }: Caught) => (last.step ? nearness(path, last.path) : 0)
    return [...steps].sort((a, b) => near(b) - near(a) || inOrder(a.path, b.path, known))[0]
  }

  return {
    isLeft: settled.some(({ kind, settledBy }) => kind === 'break' && settledBy === 'timer'),
    changed({ frame, id }) {
      dress(frame)
      return inputs.get(frame.prefix + id)
    },
    catches({ frame, id }, input) {
      const path = frame.prefix + id
      if (passed.has(path) || !(last.step || nodes.has(id)) || isOneOfEach(frame, id)) return false
      const known = execution.recordOf(path)
      if (known && known.attempt > 0) return false
      const step = { frame, id, path, input }
      if (known) standing = step
      else caught.push(step)
      return true
    },
    turn(goesOnElsewhere) {
      const { frames } = execution
      const leave = (steps: readonly Caught[]) => {
        for (const { frame, id } of steps) frames.rest(frame, id)
      }
      const gone = caught.filter(({ frame }) => frame.draining)
      caught = caught.filter(({ frame }) => !frame.draining)
      leave(gone)
      // What was let go of may have ended its frame, so that something else begins.
      if (gone.length > 0 && frames.hasNext()) return true
      const first = goesOnElsewhere || standing ? undefined : firstOf(caught)
      if (first) hold(first)
      if (standing) {
        const { frame, id, path } = standing
        frames.rest(frame, id, [{ kind: 'break', path, attempt: 0, dueAt: execution.recordOf(path)?.retryAt ?? null }])
      }
      leave(caught.filter((step) => step !== first))
      caught = []
      standing = null
      return false
    },
  }
}

/** The items of a node that its settings run for each of a list are held together, where the node itself is. */
function isOneOfEach(frame: Frame, id: string): boolean {
  return frame.prefix.split('/').at(-3) === id
}

function prefixOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** How much of where somebody stepped from a step has around it; most of all what stands inside the step that they stepped into. */
function nearness(path: string, from: string): number {
  if (path.startsWith(`${from}/`)) return Number.POSITIVE_INFINITY
  const prefix = prefixOf(path).split('/')
  const other = prefixOf(from).split('/')
  let shared = 0
  while (shared + 1 < other.length && prefix[shared] === other[shared] && prefix[shared + 1] === other[shared + 1]) shared += 2
  return shared
}

/** Places of nodes in the order in which they would run one by one. */
function ranksOf(scope: PlanScope, ranks = new Map<string, number>()): ReadonlyMap<string, number> {
  for (const id of scope.order) {
    ranks.set(id, ranks.size)
    for (const section of scope.nodes.get(id)?.sections ?? []) ranksOf(section, ranks)
  }
  return ranks
}

function inOrder(a: string, b: string, ranks: ReadonlyMap<string, number>): number {
  const left = a.split('/')
  const right = b.split('/')
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const one = left[at] as string
    const other = right[at] as string
    if (one === other) continue
    return at % 2 === 0 ? (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0) : iterationOf(one) - iterationOf(other)
  }
  return left.length - right.length
}

/** Sections of a *try* never run at once. */
function iterationOf(text: string): number {
  const number = Number.parseFloat(text)
  return Number.isNaN(number) ? 0 : number
}

function detailOf(execution: Slice, frame: Frame, input: Json): BreakDetail {
  const around: BreakDetail['around'] = []
  for (let at: Frame | null = frame; at?.parent; at = at.parent) {
    const parts = at.prefix.split('/')
    const iteration = parts.at(-2) ?? ''
    const container = execution.recordOf(at.prefix.slice(0, -iteration.length - 2))?.input
    const total = typeof container === 'object' && container !== null && !Array.isArray(container) ? container.items : null
    const id = parts.at(-3) ?? ''
    const { definition, each } = execution.plan.nodes.get(id) ?? {}
    const control = definition?.kind === 'control' ? definition.control : null
    const isLoop = each !== undefined || control === 'for_each'
    around.unshift({
      id,
      iteration,
      index: isLoop || control === 'repeat' ? (at.index ?? null) : null,
      total: isLoop && typeof total === 'number' ? total : null,
      ...(isLoop && at.item !== undefined && short(at.item) ? { item: at.item } : {}),
    })
  }
  return short(input) ? { input, around } : { inputLength: JSON.stringify(input).length, around }
}

function short(value: Json): boolean {
  return JSON.stringify(value).length <= mostLength
}
