import { limits } from '../../limits'
import type { Json } from '../schema'
import { ExpressionFailure, type Place, quote } from './failure'
import type { Meter } from './meter'
import { DateValue, DurationValue, describe, type Fields, isForbidden, kindOf, RegexValue, type Value } from './values'

/** What `String(value)` and text operators see; objects and lists become JSON, dates ISO text. Charged before it is made. */
export function toText(value: Value, meter: Meter): string {
  if (typeof value === 'string') return value
  if (value instanceof DateValue) return isoOf(value)
  if (value instanceof DurationValue) return DurationValue.read(value).toISO() ?? ''
  if (value instanceof RegexValue) {
    const { source, flags } = RegexValue.read(value)
    return `/${source}/${flags}`
  }
  if (typeof value === 'object' && value !== null) return stringify(value, meter)
  meter.spend(8)
  return String(value)
}

export function isoOf(value: DateValue): string {
  return DateValue.read(value).toISO() ?? ''
}

/** JavaScript's number of a plain value; undefined for what has none here (objects, lists, patterns). */
export function toNumber(value: Value, meter: Meter): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string') {
    meter.spend(value.length)
    return Number(value)
  }
  if (typeof value === 'boolean' || value === null) return Number(value)
  if (value === undefined) return Number.NaN
  if (value instanceof DateValue) return DateValue.read(value).toMillis()
  if (value instanceof DurationValue) return DurationValue.read(value).toMillis()
  return undefined
}

/** JSON text; charges for its length first. `indent` is a number of spaces, at most 10. */
export function stringify(value: Value, meter: Meter, indent = 0): string {
  const plain = toPlain(value, meter, indent, 'text')
  const text = JSON.stringify(plain ?? null, null, indent)
  // Signs that JSON writes with a backslash are longer there than they were.
  meter.text(text.length)
  return text
}

/** A text below this is within every limit; it was paid for when it was made. */
const shortText = 10_000

type NumberRule = 'text' | 'result'

/**
 * The value as plain JSON: dates as ISO text, missing fields left out. Unchanged parts are the same objects.
 * A number that is not one is refused in a result and null in JSON text, as `JSON.stringify` has it.
 */
export function toPlain(value: Value, meter: Meter, indent: number, rule: NumberRule, place?: Place): Json | undefined {
  return new Plainer(meter, indent, rule, place).walk(value)
}

class Plainer {
  readonly #meter: Meter
  readonly #indent: number
  readonly #rule: NumberRule
  readonly #place: Place | undefined
  #depth = 0
  #size = 0

  constructor(meter: Meter, indent: number, rule: NumberRule, place: Place | undefined) {
    this.#meter = meter
    this.#indent = indent
    this.#rule = rule
    this.#place = place
  }

  #count(bytes: number): void {
    this.#meter.spend(bytes)
    this.#size += bytes
    if (this.#size > limits.expressionResultBytes) {
      throw new ExpressionFailure(
        'result_too_large',
        `${this.#rule === 'result' ? 'The result' : 'Its JSON'} is larger than ${limits.expressionResultBytes / 1024 / 1024} MB.`,
        this.#place,
        'Keep only the fields and items that are needed, or pass the data on as it is.',
      )
    }
  }

  walk(part: Value): Json | undefined {
    if (typeof part === 'string') {
      this.#count(part.length + 2)
      return part
    }
    if (part === undefined) return undefined
    this.#count(4)
    if (part === null || typeof part === 'boolean') return part
    if (typeof part === 'number') return this.#number(part)
    if (typeof part === 'function') throw new ExpressionFailure('type', 'A function cannot be a result.', this.#place)
    const isList = Array.isArray(part)
    if (!isList) {
      if (part instanceof DateValue) return isoOf(part)
      if (part instanceof DurationValue) return DurationValue.read(part).toISO()
      if (part instanceof RegexValue) return toText(part, this.#meter)
    }
    if (++this.#depth > limits.jsonDepth) {
      throw new ExpressionFailure('too_deep', `The value is nested deeper than ${limits.jsonDepth} levels.`, this.#place)
    }
    const made = isList ? this.#list(part) : this.#fields(part as Fields)
    this.#depth--
    return made
  }

  #number(number: number): number | null {
    if (Number.isFinite(number)) return number === 0 ? 0 : number
    if (this.#rule === 'text') return null
    const where = this.#place ? quote(this.#place.source) : 'The result'
    throw new ExpressionFailure(
      'not_a_number',
      `${where} is not a number (${number}): something it is computed from is missing, is not a number or is divided by zero.`,
      this.#place,
      'Check the fields it reads, or give a fallback: `Number(input.amount) || 0`.',
    )
  }

  #list(list: Value[]): Json {
    this.#count(list.length + (this.#indent > 0 ? list.length * (this.#indent * this.#depth + 2) : 0))
    let made: Json[] | undefined
    for (let index = 0; index < list.length; index++) {
      const item = list[index]
      const plain = this.walk(item) ?? null
      if (made === undefined && !Object.is(plain, item)) made = list.slice(0, index) as Json[]
      made?.push(plain)
    }
    return made ?? (list as Json[])
  }

  #fields(fields: Fields): Json {
    const keys = Object.keys(fields)
    let made: { [key: string]: Json } | undefined
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as string
      this.#count(key.length + 4 + (this.#indent > 0 ? this.#indent * this.#depth + 2 : 0))
      const value = fields[key]
      const plain = key === '__proto__' ? undefined : this.walk(value)
      if (made === undefined && (plain === undefined || !Object.is(plain, value))) {
        made = {}
        for (let before = 0; before < index; before++) made[keys[before] as string] = fields[keys[before] as string] as Json
      }
      if (made !== undefined && plain !== undefined) made[key] = plain
    }
    return made ?? (fields as { [key: string]: Json })
  }
}

/** A result as JSON within the limits; a missing value is null. */
export function toResult(value: Value, meter: Meter, place: Place): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value) && value !== 0)) return value
  if (typeof value === 'string' && value.length < shortText) return value
  return toPlain(value, meter, 0, 'result', place) ?? null
}

/** JSON of a depth that everything after can bear; keys that reach a prototype stay what they are: data. */
export function parseJson(text: string, meter: Meter, place: Place): Value {
  meter.spend(text.length * 2)
  let depth = 0
  let inText = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (inText) {
      if (code === 92) index++
      else if (code === 34) inText = false
    } else if (code === 34) inText = true
    else if (code === 91 || code === 123) {
      if (++depth > limits.jsonDepth) {
        throw new ExpressionFailure('too_deep', `${quote(place.source)} reads JSON nested deeper than ${limits.jsonDepth} levels.`, place)
      }
    } else if (code === 93 || code === 125) depth--
  }
  try {
    return JSON.parse(text) as Value
  } catch {
    throw new ExpressionFailure(
      'json',
      `${quote(place.source)} cannot read its text as JSON: it begins with ${quote(text.slice(0, 40) || ' ')}.`,
      place,
      'JSON needs double quotes around names and texts.',
    )
  }
}

/** Sets a field of an object being made; a name that reaches a prototype is refused. */
export function setField(fields: Fields, key: string, value: Value, place?: Place): void {
  if (isForbidden(key)) throw new ExpressionFailure('reserved_name', `\`${key}\` cannot be the name of a field.`, place)
  fields[key] = value
}

/** A text for a field's name from a plain value. */
export function toKey(value: Value, meter: Meter, place: Place): string {
  if (typeof value === 'string') {
    meter.spend(value.length >> 3)
    return value
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof DateValue) return isoOf(value)
  throw new ExpressionFailure('type', `${quote(place.source)} is ${describe(value)}; a field's name must be a text or a number.`, place)
}

export function isEmptyValue(value: Value): boolean {
  const kind = kindOf(value)
  if (kind === 'missing' || kind === 'null') return true
  if (kind === 'object') return Object.keys(value as Fields).length === 0
  return (typeof value === 'string' || Array.isArray(value)) && value.length === 0
}
