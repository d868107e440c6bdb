import type { Json } from '../schema'
import type { Meter } from './meter'
import type { Scope } from './scope'

/** Where in the text something is wrong; offsets into the source. */
export interface ExpressionProblem {
  code: string
  message: string
  start: number
  end: number
}

export interface CompiledTemplate {
  source: string
  /** Node ids read through `steps`. */
  steps: readonly string[]
  /** Names after `steps.` that are no node's id or known key. */
  stepNames: readonly string[]
  /** Names read through `vars`. */
  vars: readonly string[]
  /** What a model fills in: the text's `$ai(…)` markers. */
  aiFields: readonly AiField[]
  /** True when the text holds no expression. */
  constant: boolean
  /** Synchronous, on fuel; throws NodeError (`expression.*`) that names the expression, the place and what was there instead. */
  evaluate(scope: Scope, meter?: Meter): Json
}

/** `{{ $ai('name', 'description', 'type') }}`: one field of a tool's input. */
export interface AiField {
  name: string
  description: string
  type: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array'
}

/** A node's params with every text compiled, in the params' own shape. */
export interface CompiledParams {
  steps: readonly string[]
  vars: readonly string[]
  aiFields: readonly AiField[]
  /** All params evaluated; those in `perItem` stay functions `(item, index) => Json`. */
  evaluate(scope: Scope, perItem?: readonly string[]): Record<string, unknown>
}
