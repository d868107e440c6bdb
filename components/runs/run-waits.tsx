'use client'

import { useTranslations } from 'next-intl'
import { waitWord } from '@/components/run-list/run-words'
import { formatClock, formatDay, formatExact } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import { Tooltip } from '@/components/ui/tooltip'
import type { RunDetail } from './run-model'

/** Who has the run or what it waits for, since when, and until when. */
export function RunWaits({ run: { holder, waitingFor, moves } }: { run: RunDetail }) {
  const t = useTranslations('run.notice')
  return (
    <>
      {holder && (moves === 0 || waitingFor) && (
        <span>
          {t('holder', { host: holder.host })} <Since at={holder.since} />
          {waitingFor && (
            <>
              {t('holderLost')} <Since at={holder.until} />
            </>
          )}
        </span>
      )}
      {waitingFor && (
        <span data-testid="waits">
          {t(`waits.${waitWord(waitingFor)}`, {
            step: waitingFor.nodeTitle ?? t('someStep'),
            host: waitingFor.circuit?.host ?? '',
            queue: waitingFor.queue ?? '',
            items: waitingFor.chunks?.items ?? 0,
            done: waitingFor.chunks?.done ?? 0,
            workers: waitingFor.chunks?.workers ?? 0,
          })}{' '}
          <Since at={waitingFor.since} />
          {waitingFor.dueAt && (
            <>
              {t('waitsUntil')} <RelativeTime at={waitingFor.dueAt} />
            </>
          )}
        </span>
      )}
    </>
  )
}

const dayMs = 86_400_000

/** What follows "since": by the clock, and with its day where that was another one. */
function Since({ at }: { at: Date }) {
  const timeZone = useTimeZone()
  const now = useNow(60_000)
  const clock = formatClock(at, { timeZone })
  return (
    <Tooltip content={formatExact(at, { timeZone })}>
      <time dateTime={at.toISOString()} className="num whitespace-nowrap">
        {now - at.getTime() < dayMs ? clock : `${formatDay(at, { timeZone })} ${clock}`}
      </time>
    </Tooltip>
  )
}
