'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useOrganization } from '@/components/frame/organization'
import { Duration } from '@/components/ui/duration'
import { Money } from '@/components/ui/money'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusBadge } from '@/components/ui/status-badge'
import { GoingOn, isUnfinished, type RunRow, statusOfRun, TriggerWords } from './run-words'

/** A run in the list of a phone: what and when, how it is, and what it took. */
export function RunCard({ run }: { run: RunRow }) {
  const t = useTranslations('runs')
  const { path } = useOrganization()
  return (
    <>
      <div className="flex items-baseline gap-3">
        <Link href={path(`/runs/${run.id}`)} className="min-w-0 truncate font-medium">
          {run.workflow.name} <span className="font-normal text-text-3">{run.version ? `v${run.version}` : t('draft')}</span>
        </Link>
        <RelativeTime at={run.createdAt} className="ml-auto shrink-0 text-12 text-text-3" />
      </div>
      <div className="mt-1 flex items-center gap-3 text-12">
        <StatusBadge status={statusOfRun(run)} />
        <span className="min-w-0 flex-1 truncate text-text-2">
          <GoingOn run={run} />
        </span>
      </div>
      <div className="mt-1 flex items-center gap-3 text-12 text-text-2">
        <TriggerWords run={run} />
        <span className="ml-auto flex shrink-0 gap-3">
          <Duration ms={run.durationMs} since={isUnfinished(run) ? (run.startedAt ?? run.createdAt) : null} />
          {run.costMicros > 0 && <Money micros={run.costMicros} currency={run.currency} />}
        </span>
      </div>
    </>
  )
}
