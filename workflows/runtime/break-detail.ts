import type { Json } from '../graph/schema'

/** How somebody let a test go on: kept as the result of the wait, so that every later slice knows it. The one it began with is number 0. */
export interface BreakRelease {
  number: number
  /** Nodes before which the test is held from now on. */
  nodes: string[]
  /** Held before whatever comes next. */
  step: boolean
  /** What comes into the step in place of what its wires bring. */
  input?: Json
  /** What the loop's item is from now on, in this iteration alone. */
  item?: Json
}

/** Where a test is held, as its wait keeps it. */
export interface BreakDetail {
  /** Absent where it is too large; then its length as text stands instead. */
  input?: Json
  inputLength?: number
  /** The iterations around it, from the outside in. */
  around: { id: string; iteration: string; index: number | null; total: number | null; item?: Json }[]
}
