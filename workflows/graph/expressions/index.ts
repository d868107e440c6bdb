import type { Json } from '../schema'
import type { Meter } from './meter'

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
  /** What the model gave for `$ai(…)`, by name. */
  ai?: Readonly<Record<string, Json>>
  /** What becomes of each value that is put into a text: makes a page safe, for example. */
  escape?: (text: string) => string
  /** Zone of `now`, `today` and dates without one; UTC unless told. */
  timeZone?: string
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

export { compileParams, type ParamProblem } from './compile-params'
export { compileTemplate } from './compile-template'
export { complete, type Suggestion } from './complete'
export { type FunctionDoc, functionTable } from './functions/index'
export { mapTexts } from './map-texts'
export { parseTemplate } from './parse-template'
export { previewTemplate } from './preview-template'
export { type Reference, referencesOf } from './references'
export { toShown, toStored } from './rename-steps'
