import { DateTime } from 'luxon'
import { formatWeekday } from '@/components/ui/format'

export type Fire = { nominalAt: Date; firedAt: Date | null; outcome: string; reason: string | null; runId: string | null }

export type LedgerMark = 'ran' | 'late' | 'skipped' | 'missed' | 'expected'

export type LedgerDay = { key: string; start: Date; weekend: boolean; today: boolean; letter: string; number: number }

/** `count` days that end `ahead` days after today, in the viewer's zone. */
export function ledgerDays(now: Date, count: number, offset: number, timeZone?: string): LedgerDay[] {
  const today = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day')
  const last = today.plus({ days: 1 - offset * count })
  return Array.from({ length: count }, (_, index) => {
    const day = last.minus({ days: count - 1 - index })
    return {
      key: day.toISODate() ?? '',
      start: day.toJSDate(),
      weekend: day.weekday > 5,
      today: day.hasSame(today, 'day'),
      letter: formatWeekday(day.toJSDate(), { timeZone, weekday: 'narrow' }),
      number: day.day,
    }
  })
}

export function dayKey(at: Date, timeZone?: string) {
  return DateTime.fromJSDate(at, { zone: timeZone }).toISODate() ?? ''
}

/** The mark of a day is the worst that happened on it: what needs a look stands out. */
export function markOfDay(fires: readonly Fire[], expected: number): LedgerMark | null {
  const outcomes = new Set(fires.map((fire) => fire.outcome))
  if (outcomes.has('missed')) return 'missed'
  if (outcomes.has('late')) return 'late'
  if (outcomes.has('ran')) return 'ran'
  if (fires.length > 0) return 'skipped'
  return expected > 0 ? 'expected' : null
}

/** Share of due fires that ran when they should, 0 to 1; null when none was due. Paused and skipped ones were not due. */
export function onTimeShare(fires: readonly Fire[]) {
  const due = fires.filter((fire) => ['ran', 'late', 'missed'].includes(fire.outcome))
  if (due.length === 0) return null
  return due.filter((fire) => fire.outcome === 'ran').length / due.length
}
