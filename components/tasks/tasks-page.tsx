'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useCursor, useFilters } from '@/components/frame/url-state'
import { useProject } from '@/components/frame/use-project'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { Listing } from '@/components/ui/listing'
import { NodeTile } from '@/components/ui/node-tile'
import { Pagination } from '@/components/ui/pagination'
import { RelativeTime } from '@/components/ui/relative-time'
import { Segmented } from '@/components/ui/segmented'
import { type Column, Table } from '@/components/ui/table'
import { tabStyle, tabsStyle } from '@/components/ui/tabs'
import type { TaskRow } from './task-row'
import { TaskState } from './task-state'

const states = ['open', 'closed'] as const

export function TasksPage() {
  const t = useTranslations('tasks')
  const trpc = useTRPC()
  const router = useRouter()
  const { path, counts } = useOrganization()
  const { projectId } = useProject()
  const { filters, setFilters } = useFilters({ state: 'one', who: 'one' })
  const { cursor, older, newer } = useCursor()
  const state = states.find((one) => one === filters.state) ?? 'open'
  const mine = filters.who === 'me'
  const query = useQuery(trpc.tasks.list.queryOptions({ state, mine, projectId, cursor }, { placeholderData: keepPreviousData }))
  const columns = useMemo<Column<TaskRow>[]>(
    () => [
      {
        id: 'title',
        header: t('column.task'),
        cell: ({ row: { original: task } }) => (
          <Link
            href={path(`/tasks/${task.id}`)}
            className="block max-w-120 truncate font-medium hover:underline phone:max-w-64 phone:whitespace-normal"
          >
            {task.title}
          </Link>
        ),
      },
      { id: 'state', header: t('column.state'), cell: ({ row: { original: task } }) => <TaskState task={task} /> },
      {
        id: 'workflow',
        header: t('column.workflow'),
        meta: { wide: true },
        cell: ({ row: { original: task } }) => <span className="text-text-2">{task.workflow.name}</span>,
      },
      {
        id: 'for',
        header: t('column.for'),
        meta: { wide: true },
        cell: ({ row: { original: task } }) => (
          <span className="text-text-2">
            {task.assignees.length === 0 ? t('anyone') : task.assignees.map((one) => one.name).join(', ')}
          </span>
        ),
      },
      {
        id: 'by',
        header: t('column.decidedBy'),
        meta: { wide: true },
        cell: ({ row: { original: task } }) => <span className="text-text-2">{task.decidedBy?.name}</span>,
      },
      {
        id: 'since',
        header: t(state === 'open' ? 'column.waits' : 'column.decided'),
        meta: { align: 'right' },
        cell: ({ row: { original: task } }) => (
          <RelativeTime at={task.decidedAt ?? task.createdAt} bare={state === 'open'} className="text-text-2" />
        ),
      },
    ],
    [t, path, state],
  )
  return (
    <Page title={t('title')}>
      <div className={cn(tabsStyle, '-mx-1 mb-3 items-center pr-1')}>
        <div role="tablist" aria-label={t('title')} className="flex gap-3">
          {states.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              aria-selected={one === state}
              data-state={one === state ? 'active' : 'inactive'}
              onClick={() => setFilters({ state: one === 'open' ? '' : one })}
              className={tabStyle}
            >
              {t(`tab.${one}`)}
              {one === 'open' && counts.openTasks > 0 && <span className="num text-12 font-normal text-text-3">{counts.openTasks}</span>}
            </button>
          ))}
        </div>
        <span className="flex-1" />
        <Segmented
          aria-label={t('whose')}
          size="sm"
          value={mine ? 'me' : 'all'}
          onValueChange={(who) => setFilters({ who: who === 'me' ? 'me' : '' })}
          options={[
            { value: 'all', label: t('all') },
            { value: 'me', label: t('mine') },
          ]}
        />
      </div>
      <Listing
        query={query}
        empty={
          <EmptyState
            title={t(`empty.${state}`)}
            description={t(`emptyText.${state}`)}
            picture={<NodeTile type="people.approval" size="lg" />}
          />
        }
      >
        {(items, loading) => (
          <>
            <Table
              rows={items}
              columns={columns}
              getId={(task) => task.id}
              label={t('title')}
              loading={loading}
              onOpen={(task) => router.push(path(`/tasks/${task.id}`))}
            />
            <Pagination onNewer={newer} onOlder={older(query.data?.nextCursor)} pending={query.isPlaceholderData} />
          </>
        )}
      </Listing>
    </Page>
  )
}
