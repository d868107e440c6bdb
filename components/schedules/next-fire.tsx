'use client'

import { DateTime } from 'luxon'
import { useTranslations } from 'next-intl'
import { formatClock, formatDay, formatExact, formatRelative, formatWeekday } from '@/components/ui/format'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import { Tooltip } from '@/components/ui/tooltip'

/** `in 14 min`, `today 17:30`, `tomorrow 02:00`, `Mon 11:00`, `30 Nov 18:00`. */
export function NextFire({ at }: { at: Date | undefined }) {
  const t = useTranslations('schedules')
  const timeZone = useTimeZone()
  const now = useNow(5000)
  if (!at) return <span className="text-text-3">{t('never')}</span>
  return (
    <Tooltip content={formatExact(at, { timeZone })}>
      <time dateTime={at.toISOString()} className="num">
        {nextFireWords(at, now, timeZone, { today: t('today'), tomorrow: t('tomorrow') })}
      </time>
    </Tooltip>
  )
}

export function nextFireWords(at: Date, now: number, timeZone: string | undefined, words: { today: string; tomorrow: string }) {
  if (at.getTime() - now < 3_600_000) return formatRelative(at, now, { timeZone })
  const zone = { zone: timeZone }
  const days = DateTime.fromJSDate(at, zone).startOf('day').diff(DateTime.fromMillis(now, zone).startOf('day'), 'days').days
  const clock = formatClock(at, { timeZone })
  if (days < 1) return `${words.today} ${clock}`
  if (days < 2) return `${words.tomorrow} ${clock}`
  if (days < 7) return `${formatWeekday(at, { timeZone })} ${clock}`
  return `${formatDay(at, { timeZone })} ${clock}`
}
