import { DateTime } from 'luxon'
import { readDate, readZone, type Unit } from '../../graph/expressions/date-arithmetic'
import { DateValue } from '../../graph/expressions/values'
import type { Json } from '../../graph/schema'
import { NodeError } from '../errors'
import { shown } from '../list-of'
import type { operationLabels } from './operation-labels'

export interface DateWork {
  operation: (typeof operationLabels)[number]['value']
  date?: Json | undefined
  other?: Json | undefined
  amount: number
  unit: Unit
  zone: string
  /** How the date is written; empty for ISO and its like. */
  inputForm: string
  /** How the result is written; empty for ISO. */
  form: string
}

export function workWithDate(work: DateWork, now: Date): Json {
  const zone = zoneOf(work.zone)
  const date = read(work.date, '/params/date', work, zone, now)
  switch (work.operation) {
    case 'difference': {
      const other = read(work.other, '/params/other', work, zone, now)
      const exact = date.diff(other, work.unit).as(work.unit)
      return Number(exact.toFixed(6)) + 0
    }
    case 'parts':
      return partsOf(date)
    case 'add':
      return write(date.plus({ [work.unit]: work.amount }), work.form)
    case 'start':
      return write(date.startOf(single(work.unit)), work.form)
    case 'end':
      return write(date.endOf(single(work.unit)), work.form)
    case 'format':
      return write(date, work.form)
  }
}

function read(value: Json | undefined, pointer: string, { inputForm }: DateWork, zone: string, now: Date): DateTime {
  if (value === undefined) return DateTime.fromJSDate(now, { zone })
  if (inputForm !== '' && (typeof value === 'string' || typeof value === 'number')) {
    const text = String(value).trim()
    const at = text.length > 100 ? null : readAs(text, inputForm, zone)
    if (at?.isValid) return at
    throw bad(
      'form',
      `${shown(value)} is not written as "${inputForm}".`,
      'Compare the letters: dd is the day, MM the month, yyyy the year.',
      pointer,
    )
  }
  const found = typeof value === 'string' || typeof value === 'number' ? readDate(value, zone) : undefined
  if (found) return DateValue.read(found).setZone(zone)
  throw bad(
    'not_a_date',
    `${shown(value)} is not a date.`,
    'Give a date such as 2026-03-31T08:00:00Z or milliseconds since 1970, or say under "More options" how it is written.',
    pointer,
  )
}

/** As luxon reads its letters, and the two for seconds and milliseconds since 1970, which it only writes. */
function readAs(text: string, form: string, zone: string): DateTime {
  if (form !== 'X' && form !== 'x') return DateTime.fromFormat(text, form, { zone, locale: 'en' })
  const number = /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  return DateTime.fromMillis(Number.isNaN(number) ? 1e18 : form === 'X' ? number * 1000 : number, { zone })
}

function write(date: DateTime, form: string): string {
  const text = date.isValid ? (form === '' ? date.toISO() : date.toFormat(form, { locale: 'en' })) : null
  if (text === null) throw bad('range', 'This makes a date that is too far away.', 'Add or take away less.', '/params/amount')
  return text
}

function partsOf(date: DateTime): Json {
  const { year, quarter, month, day, hour, minute, second, weekday, weekNumber, weekYear } = date
  return {
    iso: date.toISO() ?? '',
    date: date.toISODate() ?? '',
    year,
    quarter,
    month,
    day,
    weekday,
    week: weekNumber,
    weekYear,
    hour,
    minute,
    second,
    milliseconds: date.toMillis(),
    zone: date.zoneName ?? '',
  }
}

function single(unit: Unit): 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' {
  return unit.slice(0, -1) as ReturnType<typeof single>
}

function zoneOf(name: string): string {
  try {
    return readZone(name === '' ? 'UTC' : name)
  } catch {
    throw bad('zone', `${shown(name)} is not a time zone.`, 'Use a name such as Europe/Amsterdam or UTC.', '/params/zone')
  }
}

function bad(code: string, message: string, hint: string, pointer: string): NodeError {
  return new NodeError({ class: 'bad_data', code: `date.${code}`, message, hint, pointer })
}
