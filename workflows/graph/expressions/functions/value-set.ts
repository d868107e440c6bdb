import { toText } from '../conversions'
import type { Meter } from '../meter'
import type { Value } from '../values'

/** Values by what they hold: two objects with the same JSON are one, and no text is taken for an object. */
export class ValueSet {
  readonly #plain = new Set<Value>()
  readonly #objects = new Set<string>()
  readonly #meter: Meter

  constructor(meter: Meter, values: readonly Value[] = []) {
    this.#meter = meter
    for (const value of values) this.add(value)
  }

  has(value: Value): boolean {
    if (typeof value === 'object' && value !== null) return this.#objects.has(this.#markOf(value))
    if (typeof value === 'string') this.#meter.spend(value.length)
    return this.#plain.has(value)
  }

  /** False when it was there already. */
  add(value: Value): boolean {
    this.#meter.spend(2)
    if (typeof value === 'object' && value !== null) {
      const mark = this.#markOf(value)
      if (this.#objects.has(mark)) return false
      this.#objects.add(mark)
      return true
    }
    if (typeof value === 'string') this.#meter.spend(value.length)
    if (this.#plain.has(value)) return false
    this.#plain.add(value)
    return true
  }

  #markOf(value: Value): string {
    const mark = toText(value, this.#meter)
    this.#meter.spend(mark.length)
    return mark
  }
}
