import { limits } from '../../../limits'
import { part } from '../../../words/part'
import type { Json } from '../../schema'
import type { Environment } from '../environment'
import { ExpressionFailure, type Place, quote } from '../failure'
import type { Meter } from '../meter'
import type { Regex } from '../regex'
import { type Callback, DateValue, describe, type Fields, isFields, type Kind, nameOfKind, RegexValue, type Value } from '../values'

export type Owner = 'global' | 'text' | 'number' | 'boolean' | 'list' | 'date' | 'duration' | 'pattern'
export type Argument = Value | Callback

/** What the editor shows about a function; every example runs as a test. */
export interface FunctionDoc {
  /** `map`, `Math.round`, `$if`. */
  name: string
  /** The kind of value it is a method or property of; `global` stands alone. */
  of: Owner
  /** True for `now`, `length`, `year`: read without brackets. */
  property: boolean
  signature: string
  summary: string
  example: { expression: string; result: Json }
}

export interface TableFunction<Self = Value> extends FunctionDoc {
  /** Positions that take a function. */
  callbacks: readonly number[]
  least: number
  most: number
  run(call: Call, self: Self): Value
}

interface Options {
  callbacks?: readonly number[]
}

/** Methods of one kind of value. The signature's brackets say how many arguments there are: `padStart(length, fill?)`. */
export function methodsOf<Self extends Value>(of: Owner) {
  return (
    signature: string,
    summary: string,
    expression: string,
    result: Json,
    run: (call: Call, self: Self) => Value,
    options: Options = {},
  ): TableFunction => {
    const name = signature.split('(')[0] ?? signature
    const parameters =
      /\(([^)]*)\)/
        .exec(signature)?.[1]
        ?.split(',')
        .filter((text) => text.trim() !== '') ?? []
    const isRest = parameters.some((text) => text.includes('…'))
    return {
      name,
      of,
      property: !signature.includes('('),
      signature,
      summary,
      example: { expression, result },
      callbacks: options.callbacks ?? [],
      least: parameters.filter((text) => !text.includes('?') && !text.includes('…')).length,
      most: isRest ? Number.POSITIVE_INFINITY : parameters.length,
      run: run as TableFunction['run'],
    }
  }
}

/** One call of a table function: its arguments read with their kinds checked, and the meter that pays for what it makes. */
export class Call {
  readonly environment: Environment
  readonly meter: Meter
  readonly place: Place
  readonly selfPlace: Place
  readonly name: string
  readonly args: readonly Argument[]
  readonly argPlaces: readonly Place[]

  constructor(
    environment: Environment,
    fn: TableFunction,
    place: Place,
    selfPlace: Place,
    args: readonly Argument[],
    argPlaces: readonly Place[],
  ) {
    this.environment = environment
    this.meter = environment.meter
    this.place = place
    this.selfPlace = selfPlace
    this.name = fn.name
    this.args = args
    this.argPlaces = argPlaces
    if (args.length < fn.least || args.length > fn.most) {
      this.fail(
        'arguments',
        `\`${fn.name}\` is written \`${fn.signature}\`; here it gets ${args.length} value${args.length === 1 ? '' : 's'}.`,
      )
    }
  }

  fail(code: string, message: string, hint?: string): never {
    throw new ExpressionFailure(code, message, this.place, hint)
  }

  wrong(index: number, wanted: Kind | 'function' | 'whole number'): never {
    const place = this.argPlaces[index] ?? this.place
    const word =
      wanted === 'function'
        ? part`a function such as \`x => x.name\``
        : wanted === 'whole number'
          ? part`a whole number`
          : nameOfKind(wanted)
    throw new ExpressionFailure(
      'type',
      `${quote(place.source)} is ${describe(this.args[index])}, not ${word}: \`${this.name}\` needs ${word} there.`,
      place,
    )
  }

  /** What `make` gives, or the argument at `index` where it fails in this way. */
  otherwise(code: string, make: () => Value, index: number): Value {
    try {
      return make()
    } catch (error) {
      if (error instanceof ExpressionFailure && error.code === code) return this.value(index)
      throw error
    }
  }

  has(index: number): boolean {
    return index < this.args.length && this.args[index] !== undefined
  }

  value(index: number): Value {
    const value = this.args[index]
    if (typeof value === 'function')
      throw new ExpressionFailure('type', `\`${this.name}\` takes no function here.`, this.argPlaces[index] ?? this.place)
    return value
  }

  text(index: number, fallback?: string): string {
    const value = this.args[index]
    if (typeof value === 'string') return value
    if (value === undefined && fallback !== undefined) return fallback
    return this.wrong(index, 'text')
  }

  number(index: number, fallback?: number): number {
    const value = this.args[index]
    if (typeof value === 'number') return value
    if (value === undefined && fallback !== undefined) return fallback
    return this.wrong(index, 'number')
  }

  list(index: number): Value[] {
    const value = this.args[index]
    return Array.isArray(value) ? value : this.wrong(index, 'list')
  }

  fields(index: number): Fields {
    const value = this.args[index]
    return isFields(value) ? value : this.wrong(index, 'object')
  }

  pattern(index: number): Regex | undefined {
    const value = this.args[index]
    return value instanceof RegexValue ? RegexValue.read(value) : undefined
  }

  date(index: number): DateValue {
    const value = this.args[index]
    return value instanceof DateValue ? value : this.wrong(index, 'date')
  }

  callback(index: number): Callback {
    const value = this.args[index]
    return typeof value === 'function' ? value : this.wrong(index, 'function')
  }

  optionalCallback(index: number): Callback | undefined {
    return this.has(index) ? this.callback(index) : undefined
  }

  /** Pays for a text of this length, before it is made. */
  makeText(length: number): void {
    this.meter.spend(length + 1)
  }

  /** The same for a text that will be exactly so long, and so must fit. */
  makeWhole(length: number): void {
    this.meter.text(length, this.place)
    this.meter.spend(length + 1)
  }

  /** Pays for a list of this many items, before it is made. */
  makeList(items: number): void {
    if (items > limits.listItems) {
      this.fail(
        'list_too_long',
        `${quote(this.place.source)} makes a list of ${items} items; at most ${limits.listItems.toLocaleString('en')} are allowed.`,
      )
    }
    this.meter.list(items)
  }
}
