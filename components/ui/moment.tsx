'use client'

import { formatExact, formatMoment } from './format'
import { useNow, useTimeZone } from './time-zone'
import { Tooltip } from './tooltip'

/** What follows "since" or "until": by the clock, and with its day where that is another one. */
export function Moment({ at }: { at: Date }) {
  const timeZone = useTimeZone()
  const now = useNow(60_000)
  return (
    <Tooltip content={formatExact(at, { timeZone })}>
      <time dateTime={at.toISOString()} className="num whitespace-nowrap">
        {formatMoment(at, now, { timeZone })}
      </time>
    </Tooltip>
  )
}
