'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { useCursor } from '@/components/frame/url-state'
import { useProject } from '@/components/frame/use-project'
import { nameOfRun } from '@/components/run-list/run-words'
import { EmptyState } from '@/components/ui/empty-state'
import { Listing } from '@/components/ui/listing'
import { Pagination } from '@/components/ui/pagination'
import { RelativeTime } from '@/components/ui/relative-time'
import { Sentence } from '@/components/ui/sentence'
import { StatusBadge } from '@/components/ui/status-badge'
import { type Column, Table } from '@/components/ui/table'
import { spoken } from '@/workflows/words/spoken'
import type { Letter } from './letter'

export function ClosedLetters({
  state,
  workflowId,
  search,
  onOpen,
}: {
  state: 'retried' | 'resolved' | 'discarded'
  workflowId: string | undefined
  search: string | undefined
  onOpen: (id: string) => void
}) {
  const t = useTranslations('deadLetters')
  const trpc = useTRPC()
  const { path } = useOrganization()
  const { projectId } = useProject()
  const { cursor, older, newer } = useCursor()
  const query = useQuery(
    trpc.deadLetters.list.queryOptions({ state, workflowId, projectId, search, cursor }, { placeholderData: keepPreviousData }),
  )
  const columns: Column<Letter>[] = [
    {
      id: 'message',
      header: t('column.message'),
      cell: ({ row: { original: one } }) => (
        <button type="button" onClick={() => onOpen(one.id)} className="block max-w-110 truncate font-medium hover:underline">
          <Sentence text={spoken(one.message)} />
        </button>
      ),
    },
    {
      id: 'where',
      header: t('column.where'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => (
        <span className="text-text-2">{t('where', { step: one.nodeTitle, workflow: one.workflow.name })}</span>
      ),
    },
    {
      id: 'retry',
      header: t('column.again'),
      cell: ({ row: { original: one } }) =>
        one.retryRun ? (
          <Link href={path(`/runs/${one.retryRun.id}`)} className="inline-flex items-center gap-2 align-middle hover:underline">
            <StatusBadge status={one.retryRun.status} />
            <span className="mono text-text-3">{nameOfRun(one.retryRun)}</span>
          </Link>
        ) : (
          <span className="block max-w-60 truncate text-text-2">{one.reason}</span>
        ),
    },
    {
      id: 'by',
      header: t('column.by'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => <span className="text-text-2">{one.closedBy?.name}</span>,
    },
    {
      id: 'closed',
      header: t('column.closed'),
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) => <RelativeTime at={one.closedAt ?? one.openedAt} className="text-text-2" />,
    },
  ]
  return (
    <Listing
      query={query}
      empty={
        search ? (
          <EmptyState title={t('notFound')} description={t('notFoundText')} />
        ) : (
          <EmptyState title={t(`none.${state}`)} description={t(`noneText.${state}`)} />
        )
      }
    >
      {(items, loading) => (
        <>
          <Table rows={items} columns={columns} getId={(one) => one.id} label={t(`state.${state}`)} loading={loading} />
          <Pagination onNewer={newer} onOlder={older(query.data?.nextCursor)} />
        </>
      )}
    </Listing>
  )
}
