import { DateTime, Interval } from 'luxon'
import { isoOf } from '../conversions'
import { addDuration, makeDate, makeDuration, readDate, readDuration, readSingleUnit, readUnit, readZone } from '../date-arithmetic'
import { quote } from '../failure'
import { DateValue, DurationValue, describe, type Value } from '../values'
import { type Call, methodsOf } from './define'

const date = methodsOf<DateValue>('date')
const duration = methodsOf<DurationValue>('duration')
const global = methodsOf<undefined>('global')

const fields = [
  ['year', 'The year.', 2026],
  ['quarter', 'The quarter, 1 to 4.', 1],
  ['month', 'The month, 1 to 12.', 3],
  ['day', 'The day of the month.', 9],
  ['hour', 'The hour, 0 to 23.', 14],
  ['minute', 'The minute.', 5],
  ['second', 'The second.', 7],
  ['millisecond', 'The millisecond.', 0],
  ['weekday', 'The day of the week: Monday is 1, Sunday 7.', 1],
  ['weekNumber', 'The week of the year.', 11],
] as const

const perDay = { milliseconds: 1 / 86_400_000, seconds: 1 / 86_400, minutes: 1 / 1_440, hours: 1 / 24, days: 1, weeks: 7 }

export const dateFunctions = [
  global('now', 'The time this step runs.', "now.setZone('UTC').year > 2000", true, (call) =>
    makeDate(DateTime.fromJSDate(call.environment.scope.now, { zone: zoneOf(call) })),
  ),
  global('today', 'The start of the day this step runs.', 'today.hour', 0, (call) =>
    makeDate(DateTime.fromJSDate(call.environment.scope.now, { zone: zoneOf(call) }).startOf('day')),
  ),
  global(
    'date(value, zone?)',
    'A date from ISO text or milliseconds since 1970.',
    "date('2026-03-09T14:05:00Z').plus(1, 'day')",
    '2026-03-10T14:05:00.000Z',
    (call) => {
      const zone = call.has(1) ? readZone(call.text(1)) : zoneOf(call)
      const value = call.value(0)
      const at = readDate(value, zone)
      if (!at) {
        const shown = typeof value === 'string' || typeof value === 'number' ? ` (${quote(String(value))})` : ''
        return call.fail(
          'date',
          `${quote(call.argPlaces[0]?.source ?? '')} is ${describe(value)}${shown} that is not a date.`,
          "A date looks like '2026-03-09' or '2026-03-09T14:05:00Z'. For other forms use `parseDate(text, 'dd.MM.yyyy')`.",
        )
      }
      return call.has(1) ? makeDate(DateValue.read(at).setZone(zone)) : at
    },
  ),
  global(
    'parseDate(text, format, zone?)',
    'A date from text in a form of its own.',
    "parseDate('09.03.2026', 'dd.MM.yyyy')",
    '2026-03-09T00:00:00.000Z',
    (call) => {
      call.meter.spend(call.text(0).length * 10 + call.text(1).length * 10)
      const zone = call.has(2) ? readZone(call.text(2)) : zoneOf(call)
      const at = DateTime.fromFormat(call.text(0), shortFormat(call, 1), { zone, locale: 'en' })
      if (!at.isValid) call.fail('date', `${quote(call.text(0))} does not look like ${quote(call.text(1))}.`)
      return makeDate(at)
    },
  ),
  global('duration(amount, unit?)', 'A length of time, to add to a date.', "duration(90, 'minutes').hours", 1.5, (call) =>
    makeDuration(readDuration(call.value(0), call.has(1) ? call.text(1) : undefined)),
  ),
  ...fields.map(([name, summary, result]) =>
    date(name, summary, `date('2026-03-09T14:05:07Z').${name}`, result, (_, self) => DateValue.read(self)[name]),
  ),
  date(
    'zone',
    "The name of the date's time zone.",
    "date('2026-03-09', 'Europe/Berlin').zone",
    'Europe/Berlin',
    (_, self) => DateValue.read(self).zoneName,
  ),
  date('plus(amount, unit?)', 'A later date.', "date('2026-01-31').plus(1, 'month').toISODate()", '2026-02-28', (call, self) =>
    addDuration(self, lengthOf(call), 1),
  ),
  date('minus(amount, unit?)', 'An earlier date.', "date('2026-03-09').minus({ days: 9 }).toISODate()", '2026-02-28', (call, self) =>
    addDuration(self, lengthOf(call), -1),
  ),
  date(
    'startOf(unit)',
    'The start of its day, month or other unit.',
    "date('2026-03-09').startOf('month').toISODate()",
    '2026-03-01',
    (call, self) => makeDate(DateValue.read(self).startOf(readSingleUnit(call.text(0)))),
  ),
  date(
    'endOf(unit)',
    'The last moment of its day, month or other unit.',
    "date('2026-02-09').endOf('month').toISODate()",
    '2026-02-28',
    (call, self) => makeDate(DateValue.read(self).endOf(readSingleUnit(call.text(0)))),
  ),
  date(
    'diff(other, unit?)',
    'How much later this is than the other; in days unless told.',
    "date('2026-03-09').diff(date('2026-03-01'), 'days')",
    8,
    (call, self) => {
      const unit = readUnit(call.text(1, 'days'))
      const value = call.value(0)
      const other = value instanceof DateValue ? value : (readDate(value, zoneOf(call)) ?? call.wrong(0, 'date'))
      return DateValue.read(self).diff(DateValue.read(other), unit).as(unit)
    },
  ),
  date(
    'format(form)',
    'Text in a form such as dd.MM.yyyy HH:mm.',
    "date('2026-03-09T14:05:00Z').format('d LLL yyyy, HH:mm')",
    '9 Mar 2026, 14:05',
    (call, self) => {
      call.makeText(call.text(0).length * 32)
      return DateValue.read(self).toFormat(shortFormat(call, 0), { locale: 'en' })
    },
  ),
  date('toISO()', 'ISO text, as programs exchange it.', "date('2026-03-09T14:05:00Z').toISO()", '2026-03-09T14:05:00.000Z', (_, self) =>
    isoOf(self),
  ),
  date('toISOString()', 'ISO text in UTC.', "date('2026-03-09T14:05:00+02:00').toISOString()", '2026-03-09T12:05:00.000Z', (_, self) =>
    DateValue.read(self).toUTC().toISO(),
  ),
  date('toISODate()', 'The day alone.', "date('2026-03-09T14:05:00Z').toISODate()", '2026-03-09', (_, self) =>
    DateValue.read(self).toISODate(),
  ),
  date('toMillis()', 'Milliseconds since 1970.', "date('1970-01-02').toMillis()", 86400000, (_, self) => DateValue.read(self).toMillis()),
  date('getTime()', 'Milliseconds since 1970.', "date('1970-01-02').getTime()", 86400000, (_, self) => DateValue.read(self).toMillis()),
  date(
    'setZone(zone)',
    'The same moment on the clocks of another zone.',
    "date('2026-03-09T14:05:00Z').setZone('Europe/Berlin').hour",
    15,
    (call, self) => makeDate(DateValue.read(self).setZone(readZone(call.text(0)))),
  ),
  date(
    'isBetween(from, to)',
    'Whether it is in a span of time.',
    "date('2026-03-09').isBetween(date('2026-03-01'), date('2026-04-01'))",
    true,
    (call, self) => Interval.fromDateTimes(DateValue.read(call.date(0)), DateValue.read(call.date(1))).contains(DateValue.read(self)),
  ),
  ...(['milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks'] as const).map((unit) =>
    duration(unit, `The whole length in ${unit}.`, `duration(7, 'days').${unit}`, Math.round(7 / perDay[unit]), (_, self) =>
      DurationValue.read(self).as(unit),
    ),
  ),
  duration('as(unit)', 'The whole length in a unit.', "duration({ hours: 36 }).as('days')", 1.5, (call, self) =>
    DurationValue.read(self).as(readUnit(call.text(0))),
  ),
  duration('plus(amount, unit?)', 'A longer duration.', "duration(1, 'hour').plus(30, 'minutes').minutes", 90, (call, self) =>
    makeDuration(DurationValue.read(self).plus(readDuration(call.value(0), unitOf(call)))),
  ),
  duration('toISO()', 'ISO text.', "duration(90, 'minutes').toISO()", 'PT90M', (_, self) => DurationValue.read(self).toISO()),
]

function zoneOf(call: Call): string {
  call.meter.spend(50)
  return call.environment.scope.timeZone === undefined ? 'utc' : readZone(call.environment.scope.timeZone)
}

function unitOf(call: Call): Value {
  return call.has(1) ? call.text(1) : undefined
}

function lengthOf(call: Call): DurationValue {
  call.meter.spend(50)
  return makeDuration(readDuration(call.value(0), unitOf(call)))
}

function shortFormat(call: Call, index: number): string {
  const format = call.text(index)
  return format.length <= 100 ? format : call.fail('date', 'A form of a date may have at most 100 characters.')
}
