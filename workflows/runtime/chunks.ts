import { limits } from '../limits'
import type { PlanNode, PlanScope, PlanSection } from './types'

interface Spread {
  /** Items of each chunk. */
  size: number
  /** Items of each that are under way at once. */
  concurrency: number
  /** Chunks that are under way at once. */
  parallel: number
}

/** Chunks that one worker has under way at once. */
const eachWorker = 2

/**
 * How a loop is divided among workers, so that its own limit of items at once holds for all of them together and as much of it as can be is
 * used; null where it stays with one.
 */
export function spreadOf({ items, concurrency }: { items: number; concurrency: number }, workers: number): Spread | null {
  if (items < limits.chunkedItems || concurrency < 2 || workers < 2) return null
  const size = Math.max(limits.chunkItems, Math.ceil(items / limits.chunks))
  const most = Math.min(concurrency, workers * eachWorker, Math.ceil(items / size))
  let best = { size, concurrency: 0, parallel: 0 }
  for (let parallel = 2; parallel <= most; parallel++) {
    const each = Math.floor(concurrency / parallel)
    if (each * parallel >= best.concurrency * best.parallel) best = { size, concurrency: each, parallel }
  }
  return best.parallel < 2 ? null : best
}

/** What waits, or ends more than its item, belongs to the run. */
const ofTheRun = new Set(['wait', 'approval', 'callback', 'event', 'child', 'throttle', 'debounce', 'stop', 'respond'])

/** Whether other workers may go through the items of this loop, and it is worth their while: what only computes is sooner done here. */
export function suitsChunks(section: PlanSection): boolean {
  const nodes = [...nodesIn(section)]
  return !nodes.some(isOfTheRun) && nodes.some(touchesTheWorld)
}

function* nodesIn({ nodes, order }: PlanScope): Iterable<PlanNode> {
  for (const id of order) {
    const planned = nodes.get(id) as PlanNode
    yield planned
    for (const section of planned.sections) yield* nodesIn(section)
    if (planned.each) yield* nodesIn(planned.each.body)
  }
}

function isOfTheRun({ definition }: PlanNode): boolean {
  return definition.kind === 'control' && ofTheRun.has(definition.control)
}

function touchesTheWorld({ definition, settings }: PlanNode): boolean {
  if (settings.disabled) return false
  if (definition.kind === 'effect') return definition.computes !== true || definition.queue !== undefined
  return definition.kind === 'control' && definition.control === 'agent'
}
