import type { DateTime } from 'luxon'
import { DateValue } from '../values'
import { methodsOf } from './define'

const date = methodsOf<DateValue>('date')

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
  ['ordinal', 'The day of the year.', 68],
  ['daysInMonth', 'How many days its month has.', 31],
  ['weekYear', 'The year that its week belongs to.', 2026],
  ['monthLong', 'The name of the month.', 'March'],
  ['monthShort', 'The name of the month in short.', 'Mar'],
  ['weekdayLong', 'The name of the day.', 'Monday'],
  ['weekdayShort', 'The name of the day in short.', 'Mon'],
  ['weekNumber', 'The week of the year.', 11],
] as const

/** As JavaScript's dates have them. */
const javascriptReads: readonly (readonly [string, string, number, (at: DateTime) => number])[] = [
  ['getFullYear', 'The year.', 2026, (at) => at.year],
  ['getMonth', 'The month, 0 to 11; `month` counts from 1.', 2, (at) => at.month - 1],
  ['getDate', 'The day of the month.', 9, (at) => at.day],
  ['getDay', 'The day of the week: Sunday is 0.', 1, (at) => at.weekday % 7],
  ['getHours', 'The hour.', 14, (at) => at.hour],
  ['getMinutes', 'The minute.', 5, (at) => at.minute],
  ['getSeconds', 'The second.', 7, (at) => at.second],
  ['getMilliseconds', 'The millisecond.', 0, (at) => at.millisecond],
]

/** What can be read from a date; always in the zone it is in. */
export const dateParts = [
  ...fields.map(([name, summary, result]) =>
    date(name, summary, `date('2026-03-09T14:05:07Z').${name}`, result, (_, self) => DateValue.read(self).setLocale('en')[name]),
  ),
  date(
    'zone',
    "The name of the date's time zone.",
    "date('2026-03-09', 'Europe/Berlin').zone",
    'Europe/Berlin',
    (_, self) => DateValue.read(self).zoneName,
  ),
  date(
    'offset',
    'Minutes that its zone is before UTC.',
    "date('2026-07-09', 'Europe/Berlin').offset",
    120,
    (_, self) => DateValue.read(self).offset,
  ),
  date(
    'isWeekend',
    'Whether it is a Saturday or Sunday.',
    "date('2026-03-08').isWeekend",
    true,
    (_, self) => DateValue.read(self).weekday > 5,
  ),
  date(
    'isInLeapYear',
    'Whether its year has a 29th of February.',
    "date('2028-01-01').isInLeapYear",
    true,
    (_, self) => DateValue.read(self).isInLeapYear,
  ),
  ...javascriptReads.map(([name, summary, result, read]) =>
    date(`${name}()`, summary, `date('2026-03-09T14:05:07Z').${name}()`, result, (_, self) => read(DateValue.read(self))),
  ),
]
