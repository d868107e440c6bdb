import type { Json } from '../schema'

/** What an expression can see. `steps` is keyed by node id. */
export interface Scope {
  input: Json
  trigger: Json
  steps: Readonly<Record<string, Json>>
  vars: Readonly<Record<string, Json>>
  run: Json
  item?: Json
  index?: number
  now: Date
  /** For messages: a step's readable key by node id. */
  keys?: Readonly<Record<string, string>>
}

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
  /** Names read through `vars`. */
  vars: readonly string[]
  /** True when the text holds no expression. */
  constant: boolean
  /** Synchronous, on fuel; throws NodeError (`expression.*`) that names the expression, the place and what was there instead. */
  evaluate(scope: Scope): Json
}

/** A node's params with every text compiled, in the params' own shape. */
export interface CompiledParams {
  steps: readonly string[]
  vars: readonly string[]
  /** All params evaluated; those in `perItem` stay functions `(item, index) => Json`. */
  evaluate(scope: Scope, perItem?: readonly string[]): Record<string, unknown>
}
