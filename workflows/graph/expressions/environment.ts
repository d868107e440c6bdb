import type { Meter } from './meter'
import type { Scope } from './scope'
import type { Value } from './values'

/** What a compiled expression runs in. Each arrow parameter has its own slot: no function can call itself, so one list is enough. */
export interface Environment {
  scope: Scope
  meter: Meter
  locals: Value[]
}

export type Run = (environment: Environment) => Value
