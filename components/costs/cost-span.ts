import { DateTime } from 'luxon'

export const spans = ['month', 'lastMonth', '7d', '30d', '90d'] as const
export type CostSpan = (typeof spans)[number]

/** Whole days of the viewer's zone; `to` is the end of today at the latest. */
export function costSpan(span: CostSpan, now: Date, timeZone?: string): { from: Date; to: Date } {
  const today = DateTime.fromJSDate(now, { zone: timeZone })
  const end = today.endOf('day')
  if (span === 'month') return { from: today.startOf('month').toJSDate(), to: end.toJSDate() }
  if (span === 'lastMonth') {
    const last = today.minus({ months: 1 })
    return { from: last.startOf('month').toJSDate(), to: last.endOf('month').toJSDate() }
  }
  const days = Number.parseInt(span, 10)
  return {
    from: today
      .startOf('day')
      .minus({ days: days - 1 })
      .toJSDate(),
    to: end.toJSDate(),
  }
}

export type DayOfCosts = { key: string; costMicros: number; runs: number }

/** A row a day, also for the days on which nothing ran: a chart of days has no gaps. */
export function everyDay(rows: readonly DayOfCosts[], from: Date, to: Date, timeZone?: string): DayOfCosts[] {
  const known = new Map(rows.map((row) => [row.key, row]))
  const days: DayOfCosts[] = []
  for (let day = DateTime.fromJSDate(from, { zone: timeZone }); day.toJSDate() < to; day = day.plus({ days: 1 })) {
    const key = day.toISODate() ?? ''
    days.push(known.get(key) ?? { key, costMicros: 0, runs: 0 })
  }
  return days
}
