import { toNumber, toText } from './conversions'
import { addDuration, differenceOf, sumOfDurations } from './date-arithmetic'
import { ExpressionFailure, type Place, quote } from './failure'
import type { Meter } from './meter'
import { DateValue, DurationValue, describe, isFields, isForbidden, type Value } from './values'

type Operator = (left: Value, right: Value, meter: Meter, places: OperandPlaces) => Value
export interface OperandPlaces {
  left: Place
  right: Place
  whole: Place
}

/** What each operator means; JavaScript's meaning on plain values, never a conversion that calls into an object. */
export const binaryOperators: Readonly<Record<string, Operator>> = {
  '+': add,
  '-': (left, right, meter, places) => {
    if (typeof left === 'number' && typeof right === 'number') return left - right
    if (left instanceof DateValue) {
      if (right instanceof DateValue) return differenceOf(left, right)
      if (right instanceof DurationValue) return addDuration(left, right, -1)
    }
    return numberOf(left, meter, places.left, places) - numberOf(right, meter, places.right, places)
  },
  '*': (left, right, meter, places) =>
    typeof left === 'number' && typeof right === 'number'
      ? left * right
      : numberOf(left, meter, places.left, places) * numberOf(right, meter, places.right, places),
  '/': (left, right, meter, places) =>
    typeof left === 'number' && typeof right === 'number'
      ? left / right
      : numberOf(left, meter, places.left, places) / numberOf(right, meter, places.right, places),
  '%': (left, right, meter, places) =>
    typeof left === 'number' && typeof right === 'number'
      ? left % right
      : numberOf(left, meter, places.left, places) % numberOf(right, meter, places.right, places),
  '**': (left, right, meter, places) => numberOf(left, meter, places.left, places) ** numberOf(right, meter, places.right, places),
  '===': (left, right, meter) => isSame(left, right, meter),
  '!==': (left, right, meter) => !isSame(left, right, meter),
  '==': (left, right, meter) => isLooselySame(left, right, meter),
  '!=': (left, right, meter) => !isLooselySame(left, right, meter),
  '<': (left, right, meter, places) =>
    typeof left === 'number' && typeof right === 'number' ? left < right : compare(left, right, meter, places, (order) => order < 0),
  '<=': (left, right, meter, places) =>
    typeof left === 'number' && typeof right === 'number' ? left <= right : compare(left, right, meter, places, (order) => order <= 0),
  '>': (left, right, meter, places) =>
    typeof left === 'number' && typeof right === 'number' ? left > right : compare(left, right, meter, places, (order) => order > 0),
  '>=': (left, right, meter, places) =>
    typeof left === 'number' && typeof right === 'number' ? left >= right : compare(left, right, meter, places, (order) => order >= 0),
  in: (left, right, meter, places) => {
    if (!isFields(right)) {
      const hint = Array.isArray(right) ? ` Use ${quote(`${places.right.source}.includes(…)`)} to look for an item.` : ''
      throw new ExpressionFailure(
        'type',
        `${quote(places.right.source)} is ${describe(right)}; \`in\` needs an object.${hint}`,
        places.right,
      )
    }
    const key = toText(left, meter)
    meter.spend(key.length)
    return !isForbidden(key) && Object.hasOwn(right, key)
  },
}

function add(left: Value, right: Value, meter: Meter, places: OperandPlaces): Value {
  if (typeof left === 'number' && typeof right === 'number') return left + right
  if (typeof left === 'string' || typeof right === 'string') {
    const a = toText(left, meter)
    const b = toText(right, meter)
    // The shorter side bounds what all texts together can grow to, so adding one word at a time stays cheap.
    meter.spend(Math.min(a.length, b.length) + 1)
    meter.text(a.length + b.length, places.whole)
    return a + b
  }
  if (left instanceof DateValue && right instanceof DurationValue) return addDuration(left, right, 1)
  if (left instanceof DurationValue && right instanceof DateValue) return addDuration(right, left, 1)
  if (left instanceof DurationValue && right instanceof DurationValue) return sumOfDurations(left, right)
  return numberOf(left, meter, places.left, places) + numberOf(right, meter, places.right, places)
}

function numberOf(value: Value, meter: Meter, place: Place, places: OperandPlaces): number {
  if (typeof value === 'number') return value
  const number = value instanceof DateValue || value instanceof DurationValue ? undefined : toNumber(value, meter)
  if (number === undefined) {
    throw new ExpressionFailure(
      'type',
      `${quote(place.source)} is ${describe(value)}, not a number, so ${quote(places.whole.source)} cannot be computed.`,
      place,
      value instanceof DateValue ? 'Use `.plus(2, "days")` and `.diff(other, "days")` with dates.' : undefined,
    )
  }
  return number
}

export function isSame(left: Value, right: Value, meter: Meter): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false
    meter.spend(left.length >> 4)
    return left === right
  }
  if (left instanceof DateValue && right instanceof DateValue) return differenceOf(left, right) === 0
  if (left instanceof DurationValue && right instanceof DurationValue) {
    return DurationValue.read(left).toMillis() === DurationValue.read(right).toMillis()
  }
  return left === right
}

function isLooselySame(left: Value, right: Value, meter: Meter): boolean {
  const isPlain = (value: Value) => value === null || typeof value !== 'object'
  if (!isPlain(left) || !isPlain(right) || typeof left === typeof right) return isSame(left, right, meter)
  if (typeof left === 'string') meter.spend(left.length)
  if (typeof right === 'string') meter.spend(right.length)
  // biome-ignore lint/suspicious/noDoubleEquals: the meaning of == between plain values
  return left == right
}

/** Order of two values of one kind; undefined when there is none, as with NaN. */
export function orderOf(left: Value, right: Value, meter: Meter): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : left === right ? 0 : undefined
  if (typeof left === 'string' && typeof right === 'string') {
    meter.spend(1 + (Math.min(left.length, right.length) >> 4))
    return left < right ? -1 : left > right ? 1 : 0
  }
  const a = toNumber(left, meter)
  const b = toNumber(right, meter)
  if (a === undefined || b === undefined) return undefined
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : undefined
}

function compare(left: Value, right: Value, meter: Meter, places: OperandPlaces, holds: (order: number) => boolean): boolean {
  for (const [value, place] of [
    [left, places.left],
    [right, places.right],
  ] as const) {
    const isTime = value instanceof DateValue || value instanceof DurationValue
    if (typeof value === 'object' && value !== null && !isTime) {
      throw new ExpressionFailure('type', `${quote(place.source)} is ${describe(value)} and has no order, so it cannot be compared.`, place)
    }
  }
  if (left instanceof DateValue !== right instanceof DateValue && (typeof left === 'string' || typeof right === 'string')) {
    const text = typeof left === 'string' ? places.left : places.right
    throw new ExpressionFailure(
      'type',
      `${quote(text.source)} is a text, not a date, so it cannot be compared with a date.`,
      text,
      `Write \`date(${text.source})\`.`,
    )
  }
  const order = orderOf(left, right, meter)
  return order !== undefined && holds(order)
}
