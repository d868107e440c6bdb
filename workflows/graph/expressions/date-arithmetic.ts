import { DateTime, Duration, type DurationLike, IANAZone } from 'luxon'
import { ExpressionFailure, quote } from './failure'
import { DateValue, DurationValue, type Value } from './values'

const units = {
  year: 'years',
  quarter: 'quarters',
  month: 'months',
  week: 'weeks',
  day: 'days',
  hour: 'hours',
  minute: 'minutes',
  second: 'seconds',
  millisecond: 'milliseconds',
} as const
export type SingleUnit = keyof typeof units
export type Unit = (typeof units)[SingleUnit]

export function readUnit(name: string): Unit {
  return units[readSingleUnit(name)]
}

export function readSingleUnit(name: string): SingleUnit {
  const single = name.replace(/s$/, '')
  if (isUnit(single)) return single
  throw new ExpressionFailure('unit', `${quote(name)} is not a unit of time. Use ${Object.values(units).join(', ')}.`)
}

function isUnit(name: string): name is SingleUnit {
  return Object.hasOwn(units, name)
}

export function makeDate(at: DateTime): DateValue {
  if (!at.isValid) throw new ExpressionFailure('date', 'This makes a date that does not exist or is too far away.')
  return new DateValue(at)
}

export function makeDuration(length: Duration): DurationValue {
  if (!length.isValid || !Number.isFinite(length.toMillis()))
    throw new ExpressionFailure('date', 'This makes a duration that does not exist.')
  return new DurationValue(length)
}

const knownZones = new Set<string>()

/** A zone's name checked before luxon sees it, since luxon keeps every name it was given. */
export function readZone(name: string): string {
  if (/^(utc|UTC|Z)$/.test(name)) return 'utc'
  if (/^UTC[+-]\d{1,2}(:\d{2})?$/.test(name)) return name
  if (knownZones.has(name)) return name
  if (/^[A-Za-z][A-Za-z0-9_+\-/]{1,60}$/.test(name) && IANAZone.isValidZone(name)) {
    if (knownZones.size < 2_000) knownZones.add(name)
    return name
  }
  const hint = /[dDyY]{2}.*M|M.*[dDyY]{2}/.test(name)
    ? "To read a date that is written in this form use `parseDate(text, 'dd.MM.yyyy')`."
    : 'Use a name such as `Europe/Berlin` or `UTC`.'
  throw new ExpressionFailure('date', `${quote(name)} is not a time zone.`, undefined, hint)
}

/** A date from ISO text and the common forms beside it, or from milliseconds since 1970. */
export function readDate(value: Value, zone: string): DateValue | undefined {
  if (value instanceof DateValue) return value
  if (typeof value === 'number') {
    const at = DateTime.fromMillis(Number.isFinite(value) ? value : 1e18, { zone })
    return at.isValid ? new DateValue(at) : undefined
  }
  if (typeof value !== 'string' || value.length > 60) return undefined
  const text = value.trim()
  // A time alone would be one of the day on which it is read, by a clock that no run records.
  if (/^T?\d{1,2}(?:[:.,Z+-]|$)/i.test(text) || /^T\d/i.test(text)) return undefined
  for (const read of [DateTime.fromISO, DateTime.fromSQL, DateTime.fromRFC2822, DateTime.fromHTTP]) {
    const at = read(text, { zone, locale: 'en' })
    if (at.isValid) return new DateValue(at)
  }
  return undefined
}

export function addDuration(date: DateValue, length: DurationValue, sign: 1 | -1): DateValue {
  const by = DurationValue.read(length)
  return makeDate(DateValue.read(date).plus(sign === 1 ? by : by.negate()))
}

export function sumOfDurations(left: DurationValue, right: DurationValue): DurationValue {
  return makeDuration(DurationValue.read(left).plus(DurationValue.read(right)))
}

/** Milliseconds from the second to the first. */
export function differenceOf(left: DateValue, right: DateValue): number {
  return DateValue.read(left).toMillis() - DateValue.read(right).toMillis()
}

/** `(2, 'days')`, `({ days: 2 })`, `('P2D')` or a duration, as luxon's duration. */
export function readDuration(amount: Value, unit: Value): Duration {
  if (amount instanceof DurationValue) return DurationValue.read(amount)
  if (typeof amount === 'number') {
    return makeDurationOf({ [unit === undefined ? 'milliseconds' : readUnit(String(unit))]: amount })
  }
  if (typeof amount === 'string' && amount.length <= 60) {
    const length = Duration.fromISO(amount)
    if (length.isValid) return length
  }
  if (typeof amount === 'object' && amount !== null && !Array.isArray(amount) && !(amount instanceof DateValue)) {
    const parts: Record<string, number> = {}
    for (const [name, value] of Object.entries(amount)) {
      if (typeof value !== 'number') throw new ExpressionFailure('date', `A duration's ${quote(name)} must be a number.`)
      parts[readUnit(name)] = value
    }
    return makeDurationOf(parts)
  }
  throw new ExpressionFailure(
    'date',
    'This is not a duration.',
    undefined,
    "Write `duration(2, 'days')`, `duration({ hours: 1 })` or `duration('PT1H')`.",
  )
}

function makeDurationOf(parts: DurationLike): Duration {
  const length = Duration.fromObject(parts as Record<string, number>)
  if (!length.isValid) throw new ExpressionFailure('date', 'This makes a duration that does not exist.')
  return length
}
