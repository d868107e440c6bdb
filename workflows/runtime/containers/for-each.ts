import type { Json } from '../../graph/schema'
import type { StepError } from '../../nodes/errors'
import { suitsChunks } from '../chunks'
import type { Execution } from '../execution'
import type { ContainerRun, Frame, FrameEnd } from '../frame'
import { abandoned, isFinal } from '../frames'
import { stepErrorOf } from '../step-error-of'
import type { StepRecord } from '../types'
import { type Container, errorOf, oneAtATime } from './container'
import { errorAsData } from './error-as-data'
import { type Loop, loopOf } from './loop-of'

/** The body once for each item; results in the items' order whatever order they end in. */
export function createForEach(container: Container): ContainerRun {
  const { execution, path } = container
  const { frames, host } = execution
  const chunk = execution.options.chunk?.path === path ? execution.options.chunk : undefined
  let loop: Loop | null = null
  let next = chunk?.from ?? 0
  let ended = false
  /** Other workers go through its items, or are just asked to. */
  let away = false
  /** Items that other workers began and did not end. */
  let begun: number[] = []
  let nextBegun = 0
  const taken = new Set<number>()
  let cause: StepRecord | null = null
  let draining = container.frame.draining
  /** Items that were not done when a run was taken up and drained; no more than the loop had under way at once. */
  let undone = 0
  let mayOpen = true
  const open = new Map<number, Frame | null>()
  const results: Json[] = []
  const failures = new Map<number, StepRecord>()
  const keys = new Map<string, number>()

  const finish = ({ items, onItemError }: Loop) => {
    ended = true
    if (cause) {
      container.fail(errorOf(cause), cause)
      return
    }
    if (draining) {
      container.drained()
      return
    }
    const kept = failures.size === 0 ? results : results.filter((_, index) => !failures.has(index))
    if (onItemError !== 'collect') {
      container.settle(kept)
      return
    }
    const errors = [...failures]
      .sort(([a], [b]) => a - b)
      .map(
        ([index, record]): Json => ({
          index,
          item: items[index] ?? null,
          error: errorAsData(record, execution.plan.nodes),
        }),
      )
    container.settle({ results: kept, errors })
  }

  const pump = oneAtATime(() => {
    if (!loop || ended || away) return
    const most = chunk?.concurrency ?? loop.concurrency
    const last = chunk?.to ?? loop.items.length
    while (nextBegun < begun.length && (draining || open.size < most)) openItem(loop, begun[nextBegun++] as number)
    while (mayOpen && open.size < most && next < last) {
      if (!taken.has(next)) openItem(loop, next)
      next += 1
      if (draining && undone + open.size >= most) mayOpen = false
    }
    if (open.size > 0 || nextBegun < begun.length || (mayOpen && next < last)) return
    // A chunk leaves the loop as it is: what it came to is for the run to say.
    if (chunk) ended = true
    else finish(loop)
  })

  const openItem = (known: Loop, index: number) => {
    const item = known.items[index] ?? null
    const key = known.keyOf(item, index)
    const done = execution.options.finished?.get(path)
    if (done?.has(index)) {
      results[index] = done.get(index) ?? null
      done.delete(index)
      return
    }
    const again = execution.recordOf(`${path}/${index}`)
    if (!draining && again?.retryAt && !isDue(again) && !execution.settledWait(again.path, again.attempt)) {
      open.set(index, null)
      frames.wait({ kind: 'retry', path: again.path, attempt: again.attempt, dueAt: again.retryAt })
      return
    }
    tryItem(known, { index, item, key }, again ? again.attempt + 1 : 1)
  }

  const isDue = ({ retryAt }: StepRecord) => execution.options.cancelling || (retryAt !== undefined && retryAt <= host.now())

  const tryItem = (known: Loop, one: { index: number; item: Json; key: string }, attempt: number) => {
    const { index, item, key } = one
    open.set(index, null)
    const iteration = attempt === 1 ? String(index) : `${index}.${attempt}`
    const frame = container.open(known.section, { iteration, input: item, item, index, key, draining }, (end) =>
      land(known, one, attempt, end),
    )
    if (frame.state === 'open') open.set(index, frame)
  }

  const land = (known: Loop, one: { index: number; item: Json; key: string }, attempt: number, end: FrameEnd) => {
    const { index } = one
    open.delete(index)
    if (end.kind === 'done') results[index] = end.output
    else if (chunk) leave(known, attempt, end)
    else if (draining) undone += end.kind === 'drained' ? 1 : 0
    else if (end.kind === 'failed') {
      if (attempt < known.attempts && isWorthAnotherTry(errorOf(end.record))) {
        tryLater(known, one, attempt, end.record)
        return
      }
      if (known.onItemError === 'fail') {
        cause = end.record
        drainOthers()
      } else {
        failures.set(index, end.record)
        results[index] = null
      }
    }
    pump()
  }

  /** What became of an item that did not end well is for the run to say; where the loop fails with it, nothing more begins. */
  const leave = (known: Loop, attempt: number, end: FrameEnd) => {
    if (end.kind !== 'failed' || known.onItemError !== 'fail') return
    if (attempt < known.attempts && isWorthAnotherTry(errorOf(end.record))) return
    mayOpen = false
    chunk?.onFailed()
  }

  const tryLater = (known: Loop, one: { index: number; item: Json; key: string }, attempt: number, failed: StepRecord) => {
    const startedAt = host.now()
    // A run that is being cancelled waits for nothing.
    const delayMs = execution.options.cancelling ? 0 : known.retryDelayMs
    const retryAt = new Date(startedAt.getTime() + delayMs)
    const at = `${path}/${one.index}`
    const wait = { kind: 'retry' as const, path: at, attempt, dueAt: retryAt }
    execution.keep({
      path: at,
      attempt,
      status: 'failed',
      error: { ...errorOf(failed), path: errorOf(failed).path ?? failed.path },
      startedAt,
      durationUs: 0,
      retryAt,
      ...(delayMs > 0 ? { wait } : {}),
    })
    if (delayMs === 0) {
      tryItem(known, one, attempt + 1)
      return
    }
    open.set(one.index, null)
    frames.wait(wait)
  }

  const drainOthers = () => {
    draining = true
    // Behind the first that failed there may be items that were under way before a crash.
    if (!container.known) mayOpen = false
    for (const [index, frame] of [...open]) {
      if (frame) frames.drain(frame)
      else if (frames.waits.has(`${path}/${index}`)) {
        frames.dropWait(`${path}/${index}`)
        open.delete(index)
      }
    }
  }

  /** Chunks name their items as the whole loop does, and the run those that it opens out of order. */
  const nameAll = (known: Loop) => {
    const names = known.items.map(known.keyOf)
    known.keyOf = (_, index) => names[index] as string
  }

  const wait = () => frames.wait({ kind: 'chunks', path, attempt: 1, dueAt: null })

  /** The run is woken when what is under way in them has ended. */
  const callBack = () => {
    const { stopChunks } = host
    if (stopChunks) execution.fly(`${path}#chunks`, stopChunks(path))
  }

  /** Those of the failed items first: where the loop fails with one, none begins any more. */
  const takeUp = (known: Loop) => {
    nameAll(known)
    const failed = new Set<number>()
    const all = new Set<number>()
    for (const [index, record] of recordedIn(execution, path)) {
      all.add(index)
      if (record && isFinal(record)) failed.add(index)
    }
    for (const index of all) taken.add(index)
    begun = [...all].sort((a, b) => Number(failed.has(b)) - Number(failed.has(a)) || a - b)
    if (draining) mayOpen = false
  }

  const mayShare = (known: Loop) =>
    !draining &&
    container.frame.parent === null &&
    !execution.options.only &&
    known.concurrency > 1 &&
    known.items.length >= (host.leastShared ?? Number.POSITIVE_INFINITY) &&
    suitsChunks(known.section) &&
    !execution.options.finished?.has(path) &&
    recordedIn(execution, path).next().done === true

  const share = async (known: Loop) => {
    // Whoever takes part reads what came before.
    await execution.buffer.flush()
    const items = known.items.length
    const shared =
      execution.stopReason() === null && !draining && (await host.startChunks?.({ path, items, concurrency: known.concurrency })) === true
    away = shared
    if (!shared) {
      pump()
      return
    }
    // They begin as soon as whoever drives the run hears of them.
    execution.endSlice()
    wait()
    if (draining) callBack()
  }

  return {
    begin() {
      try {
        loop = loopOf(container, keys)
      } catch (thrown) {
        ended = true
        if (!chunk) container.fail(stepErrorOf(thrown))
        return
      }
      if (chunk) {
        nameAll(loop)
        ended = draining || loop.items.length !== chunk.items
      } else if (isShared(container.known)) {
        if (execution.settledWait(path, 1)) takeUp(loop)
        else {
          away = true
          wait()
          if (draining) callBack()
        }
      } else if (mayShare(loop)) {
        away = true
        execution.fly(`${path}#chunks`, share(loop))
      }
      pump()
    },
    drain() {
      if (ended || chunk) return
      if (away && !draining && frames.waits.has(path)) callBack()
      drainOthers()
      pump()
    },
  }
}

function isShared(known: StepRecord | undefined): boolean {
  const input = known?.input
  return typeof input === 'object' && input !== null && !Array.isArray(input) && typeof input.chunks === 'number'
}

/** Items of a loop that have steps in the log, each with those that stand directly in it. */
function* recordedIn(execution: Execution, path: string): Generator<[index: number, record: StepRecord | null]> {
  const begin = `${path}/`
  for (const at of execution.earlierPaths()) {
    if (!at.startsWith(begin)) continue
    const inside = at.indexOf('/', begin.length)
    const isDirect = inside >= 0 && at.indexOf('/', inside + 1) === -1
    yield [Number.parseInt(at.slice(begin.length), 10), isDirect ? (execution.recordOf(at) ?? null) : null]
  }
}

function isWorthAnotherTry({ class: kind, code }: StepError): boolean {
  return kind !== 'cancelled' && kind !== 'budget' && code !== 'step.unknown' && code !== abandoned.code
}
