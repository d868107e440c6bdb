import type { StepError } from '../nodes/errors'
import { isSettled } from './flow-state'
import { type ContainerRun, createFrame, type Frame, type FrameArgs, type FrameEnd } from './frame'
import { runOutput } from './run-output'
import type { PendingWait, PlanNode, StepRecord } from './types'

export interface ReadyStep {
  frame: Frame
  id: string
}

/** All open scopes of a run, and the queue of steps that may begin. Each step that `next` gives is handed back exactly once. */
export interface Frames {
  /** Opens a scope and takes over what the log says of it; it may end before this returns. */
  open(args: FrameArgs): Frame
  next(): ReadyStep | undefined
  /** Whether `next` may have something to give. */
  hasNext(): boolean
  settle(frame: Frame, id: string, record: StepRecord): void
  /** A step failed with no way out: its frame ends as failed when what is under way in it is done. */
  fail(frame: Frame, id: string, record: StepRecord): void
  /** The run ends well with this step: nothing new begins anywhere but what cleans up. */
  stop(frame: Frame, id: string, record: StepRecord): void
  /** The step that did so. */
  stopped(): StepRecord | null
  /** A step goes on in a later slice, by itself or because of these waits. */
  rest(frame: Frame, id: string, waits?: readonly PendingWait[]): void
  /** A container that was told to drain has nothing under way any more. */
  drained(frame: Frame, id: string): void
  enter(frame: Frame, id: string, run: ContainerRun): void
  drain(frame: Frame): void
  wait(wait: PendingWait): void
  dropWait(path: string): void
  readonly waits: ReadonlyMap<string, PendingWait>
  /** The open scope whose steps' paths begin so. */
  at(prefix: string): Frame | undefined
  /** Whether a step that `next` gave a while ago may still begin. */
  mayBegin(step: ReadyStep): boolean
}

export interface FramesParts {
  recordOf(path: string): StepRecord | undefined
  keep(record: StepRecord): void
  /** Lets go of the records of steps whose scope has ended. */
  forget(paths: Iterable<string>): void
  /** A step was handed back. */
  left(frame: Frame, id: string): void
  /** The step that ended the run well in an earlier slice. */
  stoppedBefore(): StepRecord | undefined
}

/** Ended by what stands around it; never the cause of a failure. */
export const abandoned: StepError = {
  class: 'cancelled',
  code: 'step.abandoned',
  message: 'What this step was part of ended before it did.',
}

export function isFinal(record: StepRecord): boolean {
  return record.status === 'unknown' || (record.status === 'failed' && !record.retryAt && record.port === undefined)
}

export function createFrames({ recordOf, keep, forget, left, stoppedBefore }: FramesParts): Frames {
  const opened = new Map<string, Frame>()
  const waits = new Map<string, PendingWait>()
  let ready: (ReadyStep | undefined)[] = []
  let head = 0
  let early: StepRecord | null = null

  /** A container that had begun before a crash still has its `finally` to run. */
  const isUnderWay = ({ frame, id }: ReadyStep): boolean => {
    const planned = frame.scope.nodes.get(id) as PlanNode
    return (planned.sections.length > 0 || planned.each !== undefined) && recordOf(frame.prefix + id)?.status === 'started'
  }

  /**
   * What a draining frame has no use for is let go at once: a frame that had ended before a crash ends again before anything beside it
   * begins, so that what its end decided is decided again.
   */
  const fill = (frame: Frame) => {
    for (let id = frame.flow.next(); id !== undefined; id = frame.flow.next()) {
      if (frame.draining && !isUnderWay({ frame, id })) {
        abandonRecord(recordOf(frame.prefix + id), keep)
        continue
      }
      frame.pending += 1
      ready.push({ frame, id })
    }
  }

  const end = (frame: Frame, how: FrameEnd) => {
    frame.state = 'ended'
    opened.delete(frame.prefix)
    if (frame.parent) forget(frame.scope.order.map((id) => frame.prefix + id))
    frame.onEnd(how)
  }

  const check = (frame: Frame) => {
    if (frame.state !== 'open' || frame.pending > 0) return
    if (frame.failure) end(frame, { kind: 'failed', record: frame.failure })
    else if (frame.unsettled === 0) end(frame, { kind: 'done', output: runOutput(frame.scope, frame.flow) })
    else if (frame.draining) end(frame, { kind: 'drained' })
  }

  const abandon = (frame: Frame, id: string, waitPaths: readonly string[]) => {
    for (const path of waitPaths) waits.delete(path)
    for (const path of new Set([frame.prefix + id, ...waitPaths])) abandonRecord(recordOf(path), keep)
  }

  const drain = (frame: Frame) => {
    if (frame.draining || frame.state === 'ended') return
    frame.draining = true
    for (const [id, paths] of frame.resting) abandon(frame, id, paths)
    frame.resting.clear()
    for (const run of [...frame.open.values()]) run.drain()
    check(frame)
  }

  const endRun = (frame: Frame, record: StepRecord) => {
    let root = frame
    while (root.parent) root = root.parent
    if (!root.failure) {
      early ??= record
      drain(root)
    }
    // What cleans up goes on in a run that ends, but not behind a step that ends it.
    for (let at: Frame | null = frame; at; at = at.parent) drain(at)
  }

  const give = (frame: Frame) => {
    frame.pending -= 1
    check(frame)
  }

  return {
    waits,
    wait: (wait) => waits.set(wait.path, wait),
    dropWait: (path) => waits.delete(path),
    open(args) {
      const frame = createFrame(args)
      const { prefix, scope } = frame
      opened.set(prefix, frame)
      let stopping: StepRecord | null = null
      for (const id of scope.order) {
        const record = recordOf(prefix + id)
        if (!record) continue
        if (endsEarly(frame.scope.nodes.get(id), record)) {
          if (!stopping && !frame.failure) stopping = record
        } else if (isSettled(record)) {
          frame.flow.settle(id, record)
          frame.unsettled -= 1
        } else if (isFinal(record) && record.error?.code !== abandoned.code) frame.failure ??= record
      }
      const before = frame.parent ? undefined : stoppedBefore()
      // Only what cleans up may have come to its stop after the run had failed.
      if (before && !(frame.failure && before.path.includes('/finally/'))) early = before
      if (frame.failure || stopping || (early && !frame.parent)) frame.draining = true
      fill(frame)
      frame.state = 'open'
      if (stopping) endRun(frame, stopping)
      check(frame)
      return frame
    },
    at: (prefix) => opened.get(prefix),
    mayBegin: (step) => !step.frame.draining || isUnderWay(step),
    hasNext: () => head < ready.length,
    next() {
      while (head < ready.length) {
        const step = ready[head] as ReadyStep
        ready[head++] = undefined
        if (head === ready.length || head > 10_000) {
          ready = ready.slice(head)
          head = 0
        }
        if (!step.frame.draining || isUnderWay(step)) return step
        abandonRecord(recordOf(step.frame.prefix + step.id), keep)
        give(step.frame)
      }
      return undefined
    },
    settle(frame, id, record) {
      frame.open.delete(id)
      frame.flow.settle(id, record)
      frame.unsettled -= 1
      left(frame, id)
      fill(frame)
      give(frame)
    },
    fail(frame, id, record) {
      frame.open.delete(id)
      frame.failure ??= record
      left(frame, id)
      drain(frame)
      give(frame)
    },
    stop(frame, id, record) {
      frame.open.delete(id)
      left(frame, id)
      endRun(frame, record)
      give(frame)
    },
    stopped: () => early,
    rest(frame, id, restWaits = []) {
      const paths = restWaits.map((wait) => wait.path)
      for (const wait of restWaits) waits.set(wait.path, wait)
      if (frame.draining) abandon(frame, id, paths)
      else frame.resting.set(id, paths)
      left(frame, id)
      give(frame)
    },
    drained(frame, id) {
      frame.open.delete(id)
      abandonRecord(recordOf(frame.prefix + id), keep)
      left(frame, id)
      give(frame)
    },
    enter(frame, id, run) {
      frame.open.set(id, run)
      run.begin()
    },
    drain,
  }
}

/** An attempt that failed stays as it is: its retry just never comes. */
export function abandonRecord(record: StepRecord | undefined, keep: (record: StepRecord) => void): void {
  if (record?.status !== 'started' && record?.status !== 'waiting') return
  const { retryAt: _due, wait: _wait, ...rest } = record
  keep({ ...rest, status: 'failed', error: abandoned })
}

/** A *stop* that succeeded: the run is over whatever else could still run. */
export function endsEarly(planned: PlanNode | undefined, record: StepRecord): boolean {
  if (record.status !== 'succeeded' || record.port !== undefined || planned?.definition.kind !== 'control') return false
  return planned.definition.control === 'stop'
}
