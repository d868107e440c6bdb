import type { Json } from '../graph/schema'
import type { StepError } from '../nodes/errors'
import type { Frame } from './frame'
import type { PlanNode } from './types'

/** One effect that is to be tried at its place in a run. */
export interface AttemptCall {
  frame: Frame
  path: string
  planned: PlanNode
  params: Record<string, unknown>
  input: Json
  /** What the record keeps of the params. */
  recorded: Json
  inputHash?: string
  timeoutMs: number
  /** Repeating it changes nothing outside. */
  safe: boolean
  atMostOnce: boolean
  /** Part of the idempotency key: which of several works at this path it is. */
  item?: string
  /** How a final failure leaves the step; without a port it fails the run. */
  failurePort: (error: StepError) => { port?: string; output?: Json }
}
