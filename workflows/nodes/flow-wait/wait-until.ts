import { DateTime, IANAZone } from 'luxon'
import type { z } from 'zod'
import { limits } from '../../limits'
import { NodeError } from '../errors'
import type { flowWait } from './definition'

/** When the wait is over; never before `now`. A date without a zone is read as UTC, a time of day in `timeZone` unless it names its own. */
export function waitUntil(params: z.output<typeof flowWait.params>, now: Date, timeZone = 'UTC'): Date {
  if (params.mode === 'for') return new Date(now.getTime() + params.durationMs)
  if (params.mode !== 'until') return nextTime(params, now, params.timeZone || timeZone)
  const text = params.until?.trim() ?? ''
  const time = readMoment(text)
  if (Number.isNaN(time)) {
    throw new NodeError({
      class: 'bad_data',
      code: 'wait.date',
      message: text === '' ? 'There is no date to wait for.' : `"${text.slice(0, 80)}" is not a date.`,
      hint: 'Give a date such as 2026-03-31T08:00:00Z.',
      pointer: '/params/until',
    })
  }
  if (time - now.getTime() > limits.runWaitMs) {
    throw new NodeError({
      class: 'bad_data',
      code: 'wait.too_long',
      message: `${new Date(time).toISOString()} is more than 30 days away, which is longer than a run may wait.`,
      hint: 'Start a run nearer to that date, for example with a schedule.',
      pointer: '/params/until',
    })
  }
  return new Date(Math.max(time, now.getTime()))
}

/** In ms since 1970, also with the name of a zone behind it, as in `2026-03-31T08:00:00+02:00[Europe/Berlin]`; NaN for what is no date. */
function readMoment(text: string): number {
  if (text.endsWith(']')) return DateTime.fromISO(text, { zone: 'utc' }).toMillis()
  return Date.parse(/T\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text) ? `${text}Z` : text)
}

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** The next time of day after `now`, on the wanted day; where a clock change leaves it out, the time after the gap. */
function nextTime({ mode, weekday, time }: z.output<typeof flowWait.params>, now: Date, zone: string): Date {
  if (!IANAZone.isValidZone(zone)) {
    throw new NodeError({
      class: 'bad_data',
      code: 'wait.time_zone',
      message: `"${zone.slice(0, 80)}" is not a time zone.`,
      hint: 'Choose one such as Europe/Berlin.',
      pointer: '/params/timeZone',
    })
  }
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const today = DateTime.fromJSDate(now, { zone }).startOf('day')
  for (let ahead = 0; ; ahead++) {
    const at = today.plus({ days: ahead }).set({ hour, minute })
    const fits = mode === 'time' || (weekday === 'workday' ? at.weekday <= 5 : days[at.weekday - 1] === weekday)
    if (fits && at.toMillis() > now.getTime()) return at.toJSDate()
  }
}
