'use client'

import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { Outputs } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Button } from '@/components/ui/button'
import { Card, CardHead } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Status } from '@/components/ui/status'
import { StatusIcon } from '@/components/ui/status-icon'
import { spoken } from '@/workflows/words/spoken'

type Item = Outputs['home']['overview']['attention'][number]

const icons: Record<Item['kind'], Status> = {
  dead_letters: 'dead_letter',
  retrying: 'retrying',
  task: 'waiting',
  schedule_paused: 'paused',
  schedule_missed: 'failed',
  credential_empty: 'failed',
  circuit_open: 'retrying',
}

/** Only the first row's action is primary. */
export function AttentionCard({ items, openDeadLetters }: { items: Item[]; openDeadLetters: number }) {
  const t = useTranslations('home')
  const words = useTranslations('ui')
  const { path } = useOrganization()
  const target = targets(path)
  return (
    <Card>
      <CardHead title={t('attention')} count={items.length || undefined}>
        {openDeadLetters > 0 && (
          <Link href={path('/dead-letters')} className="flex items-center gap-2 text-12 text-text-3 hover:text-text">
            {t('deadLetters', { count: openDeadLetters })}
            <ChevronRight aria-hidden className="size-3.5" />
          </Link>
        )}
      </CardHead>
      {items.length === 0 && (
        <p className="flex items-center gap-3 px-4 py-5 text-text-2">
          <StatusIcon status="succeeded" />
          {t('allWell')}
        </p>
      )}
      <ul>
        {items.map((item, index) => (
          <li key={`${item.kind}${item.id}`} className="flex items-start gap-3 border-b px-4 py-3 last:border-b-0 phone:flex-wrap">
            <StatusIcon status={icons[item.kind]} label={words(`status.${icons[item.kind]}`)} className="mt-0.5" />
            <div className="min-w-0 flex-1">
              <p className="line-clamp-3 font-medium break-words" title={spoken(item.title)}>
                {spoken(item.title)}
              </p>
              <p className="mt-0.5 line-clamp-3 text-12 break-words text-text-2">
                {t(`why.${item.kind}`, {
                  count: item.count,
                  workflow: item.workflow?.name ?? '',
                  detail: item.detail && spoken(item.detail),
                })}{' '}
                {item.mine && t('yours')}
              </p>
            </div>
            <RelativeTime at={item.at} bare className="w-16 shrink-0 pt-0.5 text-right text-12 text-text-3" />
            <Button
              size="sm"
              variant={index === 0 ? 'primary' : 'secondary'}
              asChild
              className="mt-0.5 w-26 shrink-0 phone:w-full phone:h-10"
            >
              <Link href={target(item)}>{t(`action.${item.kind}`)}</Link>
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function targets(path: (below?: string) => string) {
  return (item: Item) => {
    switch (item.kind) {
      case 'dead_letters':
        return path(item.signature ? `/dead-letters?signature=${encodeURIComponent(item.signature)}` : '/dead-letters')
      case 'retrying':
        return path(`/runs?status=waiting&workflow=${item.id}`)
      case 'task':
        return path(`/tasks/${item.id}`)
      case 'schedule_paused':
      case 'schedule_missed':
        return path(`/schedules?open=${item.id}`)
      case 'circuit_open':
        return path('/credentials')
      case 'credential_empty':
        return path(`/credentials?open=${item.id}`)
    }
  }
}
