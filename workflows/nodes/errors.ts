import type { Json } from '../graph/schema'
import type { LogLine } from './log-line'
import type { Usage } from './model-client'

/** Decides the default retry: `transient`, `rate_limited` and `timeout` are worth another try. */
export type ErrorClass =
  | 'transient'
  | 'rate_limited'
  | 'timeout'
  | 'unauthorized'
  | 'not_found'
  | 'bad_data'
  | 'business'
  | 'budget'
  | 'cancelled'
  | 'internal'

/** A failure as a value: what a step records and people read. */
export interface StepError {
  class: ErrorClass
  /** Stable, e.g. `http.status`, `expression.unknown_step`. */
  code: string
  /** What happened, in words for an analyst. */
  message: string
  /** What to do about it. */
  hint?: string
  /** JSON Pointer into the node's params. */
  pointer?: string
  /** What the other side said; redacted, at most 4 KB. */
  details?: Json
  /** Path of the step inside a container that failed, when it is the container that reports it. */
  path?: string
  /** Milliseconds the other side asked us to wait. */
  retryAfterMs?: number
}

/** Thrown by executors and pure nodes; anything else that is thrown is ours and classed `internal`. */
export class NodeError extends Error {
  readonly step: StepError
  /** What the step wrote until then. */
  readonly logs: readonly LogLine[]
  /** What the call took and cost although nothing can be made of its answer. */
  readonly usage: Usage | undefined
  constructor(step: StepError, { logs = [], usage }: { logs?: readonly LogLine[]; usage?: Usage } = {}) {
    super(step.message)
    this.name = 'NodeError'
    this.step = step
    this.logs = logs
    this.usage = usage
  }
}
