import { type DateTime, Interval } from 'luxon'
import { isoOf } from '../conversions'
import { addDuration, makeDate, readDate, readSingleUnit, readUnit, readZone } from '../date-arithmetic'
import { readLocale } from '../locales'
import { DateValue, type Value } from '../values'
import { lengthOf, nowOf, shortFormat, zoneOf } from './date-arguments'
import { type Call, methodsOf } from './define'

const date = methodsOf<DateValue>('date')

export const dateFunctions = [
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
    'set(parts)',
    'Another year, month, day or time of day.',
    "date('2026-03-09').set({ day: 1, hour: 8 }).toISO()",
    '2026-03-01T08:00:00.000Z',
    (call, self) => {
      const parts: Record<string, number> = {}
      for (const [name, value] of Object.entries(call.fields(0))) {
        if (typeof value !== 'number') return call.fail('date', `A date's \`${name.slice(0, 40)}\` must be a number.`)
        parts[readSingleUnit(name)] = value
      }
      return makeDate(DateValue.read(self).set(parts))
    },
  ),
  date(
    'diff(other, unit?)',
    'How much later this is than the other; in days unless told.',
    "date('2026-03-09').diff(date('2026-03-01'), 'days')",
    8,
    (call, self) => {
      const unit = readUnit(call.text(1, 'days'))
      return DateValue.read(self).diff(other(call, 0), unit).as(unit)
    },
  ),
  date(
    'diffNow(unit?)',
    'How much later this is than now; in days unless told.',
    "now.plus(36, 'hours').diffNow('hours')",
    36,
    (call, self) => {
      const unit = readUnit(call.text(0, 'days'))
      return DateValue.read(self).diff(nowOf(call), unit).as(unit)
    },
  ),
  date(
    'isBefore(other)',
    'Whether it is earlier.',
    "date('2026-03-09').isBefore('2026-03-10')",
    true,
    (call, self) => millis(self) < other(call, 0).toMillis(),
  ),
  date(
    'isAfter(other)',
    'Whether it is later.',
    "date('2026-03-09').isAfter('2026-03-10')",
    false,
    (call, self) => millis(self) > other(call, 0).toMillis(),
  ),
  date(
    'hasSame(other, unit)',
    'Whether both are in the same day, month or other unit.',
    "date('2026-03-09').hasSame('2026-03-31', 'month')",
    true,
    (call, self) => DateValue.read(self).hasSame(other(call, 0), readSingleUnit(call.text(1))),
  ),
  date(
    'toRelative(other?)',
    'In words, seen from now or another date.',
    "date('2026-03-06').toRelative('2026-03-09')",
    '3 days ago',
    (call, self) => relative(millis(self) - (call.has(0) ? other(call, 0) : nowOf(call)).toMillis()),
  ),
  ...(['format', 'toFormat'] as const).map((name) =>
    date(
      `${name}(form, locale?)`,
      name === 'format' ? 'Text in a form such as dd.MM.yyyy HH:mm, in English or another language.' : 'The same as format.',
      `date('2026-03-09T14:05:00Z').${name}('d LLL yyyy, HH:mm')`,
      '9 Mar 2026, 14:05',
      (call, self) => {
        call.makeText(call.text(0).length * 32 + (call.has(1) ? 2_000 : 0))
        return DateValue.read(self).toFormat(shortFormat(call, 0), { locale: call.has(1) ? readLocale(call.text(1), call.place) : 'en' })
      },
    ),
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
  date('toISOTime()', 'The time of day alone.', "date('2026-03-09T14:05:00Z').toISOTime()", '14:05:00.000Z', (_, self) =>
    DateValue.read(self).toISOTime(),
  ),
  date('toUTC()', 'The same moment in UTC.', "date('2026-03-09T14:05:00+02:00').toUTC().hour", 12, (_, self) =>
    makeDate(DateValue.read(self).toUTC()),
  ),
  date('toSeconds()', 'Seconds since 1970.', "date('1970-01-02').toSeconds()", 86400, (_, self) => DateValue.read(self).toSeconds()),
  date(
    'toLocaleString(locale?, form?)',
    "As people of a language write it: 'date', 'time' or both.",
    "date('2026-03-09T14:05:00Z').toLocaleString('de-DE', 'date')",
    '09.03.26',
    localized,
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
    (call, self) => Interval.fromDateTimes(other(call, 0), other(call, 1)).contains(DateValue.read(self)),
  ),
]

/** The argument as a date; text and milliseconds are read as `date()` reads them. */
function other(call: Call, index: number): DateTime {
  const value = call.value(index)
  call.meter.spend(50)
  return DateValue.read(value instanceof DateValue ? value : (readDate(value, zoneOf(call)) ?? call.wrong(index, 'date')))
}

function millis(self: DateValue): number {
  return DateValue.read(self).toMillis()
}

const spans = [
  ['year', 31_556_952_000],
  ['month', 2_629_746_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

function relative(distance: number): string {
  const [unit, length] = spans.find(([, span]) => Math.abs(distance) >= span) ?? ['second', 1_000]
  const amount = Math.floor(Math.abs(distance) / length)
  if (amount === 0) return 'now'
  const words = `${amount} ${unit}${amount === 1 ? '' : 's'}`
  return distance < 0 ? `${words} ago` : `in ${words}`
}

const localeForms: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date: { dateStyle: 'short' },
  time: { timeStyle: 'short' },
  both: { dateStyle: 'medium', timeStyle: 'short' },
}

function localized(call: Call, self: DateValue): Value {
  const locale = readLocale(call.text(0, 'en-US'), call.place)
  const name = call.text(1, 'both')
  const form = Object.hasOwn(localeForms, name) ? localeForms[name] : undefined
  if (!form) return call.fail('type', "The form is 'date', 'time' or 'both'.", 'For other forms use `format(form, locale)`.')
  call.meter.spend(3_000)
  return DateValue.read(self).setLocale(locale).toLocaleString(form)
}
