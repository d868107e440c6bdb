import type { DateTime, Duration } from 'luxon'
import { part } from '../../words/part'
import type { Regex } from './regex'

/** A point in time inside an expression. Its luxon value is private, so no path of an expression reaches it. */
export class DateValue {
  readonly #at: DateTime
  constructor(at: DateTime) {
    this.#at = at
  }
  static read(value: DateValue): DateTime {
    return value.#at
  }
}

export class DurationValue {
  readonly #length: Duration
  constructor(length: Duration) {
    this.#length = length
  }
  static read(value: DurationValue): Duration {
    return value.#length
  }
}

export class RegexValue {
  readonly #regex: Regex
  constructor(regex: Regex) {
    this.#regex = regex
  }
  static read(value: RegexValue): Regex {
    return value.#regex
  }
}

export type Fields = { [key: string]: Value }
export type Value = undefined | null | boolean | number | string | DateValue | DurationValue | RegexValue | Value[] | Fields
/** An arrow function or a named function given to `map`, `filter` and the like; never a value itself. */
export type Callback = (...args: Value[]) => Value

export type Kind = 'missing' | 'null' | 'boolean' | 'number' | 'text' | 'list' | 'object' | 'date' | 'duration' | 'pattern'

export function kindOf(value: Value | Callback): Kind {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'undefined':
      return 'missing'
  }
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (value instanceof DateValue) return 'date'
  if (value instanceof DurationValue) return 'duration'
  if (value instanceof RegexValue) return 'pattern'
  return 'object'
}

const words: Record<Kind, string> = {
  missing: part`missing`,
  null: part`empty (null)`,
  boolean: part`a true/false value`,
  number: part`a number`,
  text: part`a text`,
  list: part`a list`,
  object: part`an object`,
  date: part`a date`,
  duration: part`a duration`,
  pattern: part`a pattern`,
}

/** "a list", "a text", "missing": what stands after "is" in a message. */
export function describe(value: Value | Callback): string {
  return typeof value === 'function' ? part`a function` : words[kindOf(value)]
}

export function nameOfKind(kind: Kind): string {
  return words[kind]
}

export function isFields(value: Value | Callback): value is Fields {
  return kindOf(value) === 'object' && typeof value === 'object'
}

/** Names that would reach a prototype; neither read nor made, even where data has them. */
export function isForbidden(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype'
}
