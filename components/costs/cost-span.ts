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
