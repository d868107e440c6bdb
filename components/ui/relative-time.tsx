'use client'

import { cn } from './cn'
import { formatExact, formatRelative } from './format'
import { useNow, useTimeZone } from './time-zone'
import { Tooltip } from './tooltip'

/** How long ago or how soon; the exact time on hover, in the viewer's zone. `bare` leaves out "ago". */
export function RelativeTime({ at, bare, className }: { at: Date | string | null | undefined; bare?: boolean; className?: string }) {
  const timeZone = useTimeZone()
  const now = useNow(5000)
  if (!at) return null
  const date = typeof at === 'string' ? new Date(at) : at
  // What came since the last tick is no future.
  const seenAt = date.getTime() > now ? Math.max(now, Math.min(Date.now(), date.getTime() + 1)) : now
  return (
    <Tooltip content={formatExact(date, { timeZone })}>
      <time dateTime={date.toISOString()} className={cn('num whitespace-nowrap', className)} suppressHydrationWarning>
        {formatRelative(date, seenAt, { timeZone, bare })}
      </time>
    </Tooltip>
  )
}
