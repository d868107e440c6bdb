'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { Outputs } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Card, CardHead } from '@/components/ui/card'
import { formatClock } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { useTimeZone } from '@/components/ui/time-zone'

export function NextCard({ next }: { next: Outputs['home']['overview']['next'] }) {
  const t = useTranslations('home')
  const { path } = useOrganization()
  const timeZone = useTimeZone()
  return (
    <Card>
      <CardHead title={t('next')}>
        <Link href={path('/schedules')} className="text-12 text-text-3 hover:text-text">
          {t('allSchedules')}
        </Link>
      </CardHead>
      {next.length === 0 ? (
        <p className="px-4 py-5 text-text-2">{t('nothingNext')}</p>
      ) : (
        <ul className="px-4 py-2">
          {next.slice(0, 6).map((one) => (
            <li key={`${one.scheduleId}${one.at.toISOString()}`} className="flex h-8 items-center gap-3">
              <span className="num w-10 shrink-0 text-text-2">{formatClock(one.at, { timeZone })}</span>
              <Link href={path(`/schedules?open=${one.scheduleId}`)} className="min-w-0 flex-1 truncate hover:underline" title={one.words}>
                {one.name}
              </Link>
              <RelativeTime at={one.at} className="shrink-0 text-12 text-text-2" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
