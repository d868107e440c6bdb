import { DateTime } from 'luxon'
import { makeDate, makeDuration, readDate, readDuration, readUnit, readZone } from '../date-arithmetic'
import { quote } from '../failure'
import { DateValue, DurationValue, describe } from '../values'
import { lengthOf, nowOf, shortFormat, zoneOf } from './date-arguments'
import { methodsOf } from './define'

const duration = methodsOf<DurationValue>('duration')
const global = methodsOf<undefined>('global')

const perDay = { milliseconds: 1 / 86_400_000, seconds: 1 / 86_400, minutes: 1 / 1_440, hours: 1 / 24, days: 1, weeks: 7 }

/** Where dates and durations come from, and what a duration can tell. */
export const dateMakers = [
  global('now', 'The time this step runs.', "now.setZone('UTC').year > 2000", true, (call) => makeDate(nowOf(call))),
  global('today', 'The start of the day this step runs.', 'today.hour', 0, (call) => makeDate(nowOf(call).startOf('day'))),
  global('Date.now()', 'Milliseconds since 1970 at the time this step runs.', 'Date.now() === now.toMillis()', true, (call) =>
    call.environment.scope.now.getTime(),
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
  ...(['milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks'] as const).map((unit) =>
    duration(unit, `The whole length in ${unit}.`, `duration(7, 'days').${unit}`, Math.round(7 / perDay[unit]), (_, self) =>
      DurationValue.read(self).as(unit),
    ),
  ),
  duration('as(unit)', 'The whole length in a unit.', "duration({ hours: 36 }).as('days')", 1.5, (call, self) =>
    DurationValue.read(self).as(readUnit(call.text(0))),
  ),
  duration('plus(amount, unit?)', 'A longer duration.', "duration(1, 'hour').plus(30, 'minutes').minutes", 90, (call, self) =>
    makeDuration(DurationValue.read(self).plus(readDuration(call.value(0), call.has(1) ? call.text(1) : undefined))),
  ),
  duration('minus(amount, unit?)', 'A shorter duration.', "duration(1, 'hour').minus(30, 'minutes').minutes", 30, (call, self) =>
    makeDuration(DurationValue.read(self).minus(DurationValue.read(lengthOf(call)))),
  ),
  duration('format(form)', 'Text in a form such as hh:mm:ss.', "duration(3725, 'seconds').format('hh:mm:ss')", '01:02:05', (call, self) => {
    call.makeText(call.text(0).length * 32)
    return DurationValue.read(self).toFormat(shortFormat(call, 0))
  }),
  duration('toMillis()', 'The whole length in milliseconds.', "duration(2, 'seconds').toMillis()", 2000, (_, self) =>
    DurationValue.read(self).toMillis(),
  ),
  duration('toISO()', 'ISO text.', "duration(90, 'minutes').toISO()", 'PT90M', (_, self) => DurationValue.read(self).toISO()),
]
