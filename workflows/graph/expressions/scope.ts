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
  /** What the model gave for `$ai(…)`, by name. */
  ai?: Readonly<Record<string, Json>>
  /** What becomes of each value that is put into a text: makes a page safe, for example. */
  escape?: (text: string) => string
  /** Zone of `now`, `today` and dates without one; UTC unless told. */
  timeZone?: string
}
