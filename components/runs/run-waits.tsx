'use client'

import { useTranslations } from 'next-intl'
import { waitWord } from '@/components/run-list/run-words'
import { Moment } from '@/components/ui/moment'
import { RelativeTime } from '@/components/ui/relative-time'
import type { RunDetail } from './run-model'

/** Who has the run or what it waits for, since when, and until when. */
export function RunWaits({ run: { holder, waitingFor, moves } }: { run: RunDetail }) {
  const t = useTranslations('run.notice')
  return (
    <>
      {holder && (moves === 0 || waitingFor) && (
        <span>
          {t('holder', { host: holder.host })} <Moment at={holder.since} />
          {waitingFor && (
            <>
              {t('holderLost')} <Moment at={holder.until} />
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
          <Moment at={waitingFor.since} />
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
