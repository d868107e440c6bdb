import type { Json } from '../../graph/schema'
import type { StepError } from '../../nodes/errors'
import { recordedParams } from '../evaluate-params'
import type { Execution } from '../execution'
import { failurePort, firstPort } from '../failure-port'
import type { Frame, FrameEnd } from '../frame'
import { stepErrorOf } from '../step-error-of'
import type { PlanNode, PlanSection, StepRecord } from '../types'

export interface ContainerCall {
  frame: Frame
  id: string
  planned: PlanNode
  input: Json
  inputHash: string
}

export interface Inside {
  iteration: string
  input: Json
  item?: Json
  index?: number
  /** Which item this is, for the idempotency keys of what runs inside. */
  key?: string
  aborter?: AbortController
  shielded?: boolean
  draining: boolean
}

/** What every kind of container does in the same way. */
export interface Container {
  readonly execution: Execution
  readonly planned: PlanNode
  readonly path: string
  readonly frame: Frame
  readonly input: Json
  readonly startedAt: Date
  /** What the log says of it. */
  readonly known: StepRecord | undefined
  /** What its own expressions see; the clock stands still at its start, so that a list is the same after a crash. */
  scope(input?: Json, index?: number): ReturnType<Execution['scope']>
  /** Says that it began, unless the log does. */
  started(params: Record<string, unknown>): void
  open(section: PlanSection, inside: Inside, onEnd: (end: FrameEnd) => void): Frame
  settle(output: Json): void
  /** `cause` is the step inside that failed. */
  fail(error: StepError, cause?: StepRecord): void
  drained(): void
}

export function createContainerKit(execution: Execution, call: ContainerCall): Container {
  const { frame, id, planned, input, inputHash } = call
  const { frames, host } = execution
  const path = frame.prefix + id
  const known = execution.recordOf(path)
  const startedAt = known?.startedAt ?? host.now()
  let recorded = known?.input
  const record = (more: Pick<StepRecord, 'status' | 'port' | 'output' | 'error'>): StepRecord => {
    const made: StepRecord = {
      path,
      attempt: 1,
      ...(recorded === undefined ? {} : { input: recorded }),
      inputHash,
      startedAt,
      durationUs: Math.max(0, host.now().getTime() - startedAt.getTime()) * 1_000,
      ...more,
    }
    execution.keep(made)
    return made
  }
  return {
    execution,
    planned,
    path,
    frame,
    input,
    startedAt,
    known,
    scope: (own = input, index) => {
      const scope = execution.scope(frame, planned, own, { now: startedAt })
      return index === undefined ? scope : { ...scope, index }
    },
    started(params) {
      if (known) return
      recorded = recordedParams(planned, params)
      record({ status: 'started' })
    },
    open(section, { iteration, key, ...inside }, onEnd) {
      return frames.open({
        prefix: `${path}/${iteration}/`,
        parent: frame,
        scope: section,
        ...inside,
        ...(key === undefined ? {} : { key }),
        onEnd,
      })
    },
    settle(output) {
      frames.settle(frame, id, record({ status: 'succeeded', port: firstPort(planned), output }))
    },
    fail(given, cause) {
      const inside = cause ? (cause.error?.path ?? cause.path) : undefined
      const error: StepError = { ...given, ...(inside === undefined ? {} : { path: inside }) }
      const failed = record({ status: 'failed', error, ...failurePort(planned, error) })
      if (failed.port === undefined) frames.fail(frame, id, failed)
      else frames.settle(frame, id, failed)
    },
    drained: () => frames.drained(frame, id),
  }
}

export function errorOf(record: StepRecord): StepError {
  return record.error ?? stepErrorOf(null)
}

/** Calls `turn` again for each call that came while it was at work, so that thousands of ends in a row need no stack. */
export function oneAtATime(turn: () => void): () => void {
  let running = false
  let again = false
  return () => {
    again = true
    if (running) return
    running = true
    try {
      while (again) {
        again = false
        turn()
      }
    } finally {
      running = false
    }
  }
}
