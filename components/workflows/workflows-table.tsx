'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Outputs } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Badge } from '@/components/ui/badge'
import { Duration } from '@/components/ui/duration'
import { formatNumber } from '@/components/ui/format'
import { NodeTile } from '@/components/ui/node-tile'
import { RelativeTime } from '@/components/ui/relative-time'
import { Sparkline } from '@/components/ui/sparkline'
import { StatusBadge } from '@/components/ui/status-badge'
import { StatusIcon } from '@/components/ui/status-icon'
import { CellText, type Column, Table } from '@/components/ui/table'
import { WorkflowMenu } from './workflow-menu'

export type WorkflowRow = Outputs['workflows']['list']['items'][number]

/** As lists of runs call it. */
function statusOfLast({ status, waitingFor }: NonNullable<WorkflowRow['lastRun']>) {
  if (waitingFor === 'retry' || waitingFor === 'circuit') return 'retrying'
  return waitingFor === 'pause' ? 'paused' : status
}

export function WorkflowsTable({ items, loading }: { items: WorkflowRow[]; loading: boolean }) {
  const t = useTranslations('workflows')
  const { path, projects } = useOrganization()
  const router = useRouter()
  const open = (row: WorkflowRow) => path(`/workflows/${row.id}`)
  const columns = useMemo<Column<WorkflowRow>[]>(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        meta: { className: 'min-w-70' },
        cell: ({ row: { original: row } }) => (
          <span className="flex min-w-0 items-center gap-2">
            <CellText className="max-w-80" title={row.name}>
              <Link href={path(`/workflows/${row.id}`)} className="font-medium hover:underline">
                {row.name}
              </Link>
            </CellText>
            <Release row={row} />
          </span>
        ),
      },
      {
        id: 'triggers',
        header: t('column.starts'),
        meta: { wide: true },
        cell: ({ row: { original: row } }) => (
          <span className="flex items-center gap-1">
            {row.triggers.map((kind) => (
              <span key={kind} title={t(`trigger.${kind}`)} className="inline-flex items-center gap-1.5 text-text-2">
                <NodeTile type={`trigger.${kind}`} size="xs" />
                {row.triggers.length === 1 && t(`trigger.${kind}`)}
              </span>
            ))}
          </span>
        ),
      },
      ...(projects.length > 1
        ? [
            {
              id: 'project',
              header: t('column.project'),
              meta: { wide: true, className: 'min-w-24' },
              cell: ({ row: { original: row } }) => (
                <CellText className="max-w-40 text-text-2">{projects.find((one) => one.id === row.projectId)?.name}</CellText>
              ),
            } satisfies Column<WorkflowRow>,
          ]
        : []),
      {
        id: 'last',
        header: t('column.lastRun'),
        cell: ({ row: { original: row } }) =>
          row.lastRun ? (
            <Link href={path(`/runs/${row.lastRun.id}`)} className="inline-flex items-center gap-2 align-middle hover:underline">
              <StatusBadge status={statusOfLast(row.lastRun)} />
              <RelativeTime at={row.lastRun.createdAt} className="text-12 text-text-3 phone:hidden" />
            </Link>
          ) : (
            <span className="text-text-3">{t(row.last24h.runs > 0 ? 'onlyTests' : 'neverRan')}</span>
          ),
      },
      {
        id: 'spark',
        header: t('column.last24h'),
        // At 1280 names need the room more.
        meta: { wide: true, className: 'max-[1340px]:hidden' },
        cell: ({ row: { original: row } }) => (
          <Sparkline
            values={row.last24h.buckets}
            label={t('spark', { runs: row.last24h.runs, failed: row.last24h.failed })}
            className="w-30"
          />
        ),
      },
      {
        id: 'runs',
        header: t('column.runs'),
        meta: { align: 'right', wide: true },
        cell: ({ row: { original: row } }) => (
          <span className="flex items-center justify-end gap-2">
            {row.last24h.failed > 0 && (
              <span className="inline-flex items-center gap-1 font-medium text-failed">
                <StatusIcon status="failed" className="size-3.5" />
                {t('failed', { count: row.last24h.failed })}
              </span>
            )}
            {formatNumber(row.last24h.runs)}
          </span>
        ),
      },
      {
        id: 'p95',
        header: t('column.p95'),
        meta: { align: 'right', wide: true },
        cell: ({ row: { original: row } }) => <Duration ms={row.last24h.p95Ms} className="text-text-2" />,
      },
      {
        id: 'updated',
        header: t('column.updated'),
        meta: { align: 'right', wide: true, className: projects.length > 1 ? 'max-[1340px]:hidden' : '' },
        cell: ({ row: { original: row } }) => <RelativeTime at={row.updatedAt} className="text-text-2" />,
      },
      {
        id: 'menu',
        header: () => <span className="sr-only">{t('column.actions')}</span>,
        meta: { align: 'right', className: 'w-12 pr-1' },
        cell: ({ row: { original: row } }) => <WorkflowMenu workflow={row} />,
      },
    ],
    [t, path, projects],
  )
  return (
    <Table
      rows={items}
      columns={columns}
      getId={(row) => row.id}
      label={t('title')}
      loading={loading}
      onOpen={(row) => router.push(open(row))}
    />
  )
}

function Release({ row }: { row: WorkflowRow }) {
  const t = useTranslations('workflows')
  return (
    <>
      {row.live ? <span className="text-text-3">v{row.live.version}</span> : <Badge>{t('draftOnly')}</Badge>}
      {row.live && row.draft.changed && (
        <Badge tone="waiting" className="phone:hidden">
          {t('unpublished')}
        </Badge>
      )}
      {row.draft.problems > 0 && <Badge tone="failed">{t('problems', { count: row.draft.problems })}</Badge>}
    </>
  )
}
