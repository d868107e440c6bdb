'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useOrganization } from '@/components/frame/organization'
import { Duration } from '@/components/ui/duration'
import { Money } from '@/components/ui/money'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusBadge } from '@/components/ui/status-badge'
import { StepMarks } from '@/components/ui/step-marks'
import type { Column } from '@/components/ui/table'
import { GoingOn, isUnfinished, nameOfRun, type RunRow, statusOfRun, TriggerWords } from './run-words'

export function useRunColumns(): Column<RunRow>[] {
  const t = useTranslations('runs')
  const { path } = useOrganization()
  return useMemo<Column<RunRow>[]>(
    () => [
      { id: 'status', header: t('column.status'), cell: ({ row: { original: run } }) => <StatusBadge status={statusOfRun(run)} /> },
      {
        id: 'run',
        header: t('column.run'),
        meta: { wide: true },
        cell: ({ row: { original: run } }) => (
          <Link href={path(`/runs/${run.id}`)} className="mono text-text-2 hover:underline" title={run.id}>
            {nameOfRun(run)}
          </Link>
        ),
      },
      {
        id: 'workflow',
        header: t('column.workflow'),
        cell: ({ row: { original: run } }) => (
          <span className="block max-w-60 truncate">
            <Link href={path(`/runs/${run.id}`)} className="font-medium hover:underline">
              {run.workflow.name}
            </Link>{' '}
            <span className="text-text-3">{run.version ? `v${run.version}` : t('draft')}</span>
          </span>
        ),
      },
      // It takes what the others leave, and gives it back where they need it.
      {
        id: 'what',
        header: t('column.what'),
        meta: { wide: true, className: 'w-full max-w-0 min-w-40' },
        cell: ({ row: { original: run } }) => <GoingOn run={run} />,
      },
      { id: 'by', header: t('column.startedBy'), meta: { wide: true }, cell: ({ row: { original: run } }) => <TriggerWords run={run} /> },
      {
        id: 'started',
        header: t('column.started'),
        meta: { align: 'right' },
        cell: ({ row: { original: run } }) => <RelativeTime at={run.createdAt} className="text-text-2" />,
      },
      {
        id: 'took',
        header: t('column.took'),
        meta: { align: 'right', wide: true },
        cell: ({ row: { original: run } }) => (
          <Duration ms={run.durationMs} since={isUnfinished(run) ? (run.startedAt ?? run.createdAt) : null} />
        ),
      },
      {
        id: 'steps',
        header: t('column.steps'),
        meta: { wide: true },
        cell: ({ row: { original: run } }) => <StepMarks marks={run.steps} />,
      },
      {
        id: 'cost',
        header: t('column.cost'),
        meta: { align: 'right', wide: true },
        cell: ({ row: { original: run } }) => <Money micros={run.costMicros} currency={run.currency} className="text-text-2" />,
      },
    ],
    [t, path],
  )
}
