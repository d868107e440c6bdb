'use client'

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ban, Play, Radio } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useConnection } from '@/components/api/connection'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { ExportMenu } from '@/components/frame/export-menu'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useCursor, useFilters } from '@/components/frame/url-state'
import { useOpenParam } from '@/components/frame/use-open-param'
import { useProject } from '@/components/frame/use-project'
import { useRunningCount } from '@/components/frame/use-running-count'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { FilterChip } from '@/components/ui/filter-chip'
import { Listing } from '@/components/ui/listing'
import { NodeTile } from '@/components/ui/node-tile'
import { Pagination } from '@/components/ui/pagination'
import { SearchInput } from '@/components/ui/search-input'
import { SelectionBar } from '@/components/ui/selection-bar'
import { StatusIcon } from '@/components/ui/status-icon'
import { Table } from '@/components/ui/table'
import { tabStyle, tabsStyle } from '@/components/ui/tabs'
import { toast } from '@/components/ui/toaster'
import { RunCard } from './run-card'
import { useRunColumns } from './run-columns'
import { isUnfinished, type RunRow } from './run-words'
import { StartRunDialog } from './start-run-dialog'

const statuses = ['accepted', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const
const triggers = ['manual', 'webhook', 'schedule', 'api', 'workflow', 'error', 'replay', 'example', 'test'] as const
const spans = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 } as const
const views = [
  { key: 'all', status: [] },
  { key: 'running', status: ['accepted', 'running'] },
  { key: 'waiting', status: ['waiting'] },
  { key: 'failed', status: ['failed'] },
] as const

export function RunsPage() {
  const t = useTranslations('runs')
  const words = useTranslations('ui')
  const trpc = useTRPC()
  const router = useRouter()
  const { can, path } = useOrganization()
  const running = useRunningCount()
  const { projectId } = useProject()
  const { filters, setFilters, clear, isFiltered } = useFilters({
    status: 'many',
    workflow: 'one',
    trigger: 'one',
    started: 'one',
    search: 'one',
  })
  const { cursor, older, newer } = useCursor()
  const [selection, setSelection] = useState<Record<string, boolean>>({})
  const [cancelling, setCancelling] = useState(false)
  const [starting, setStarting] = useOpenParam('start')
  const live = useConnection((state) => state.live) === 'open'
  const columns = useRunColumns()

  const hours = spans[filters.started as keyof typeof spans]
  // A moving start would be a new query each second; it moves when the filter does.
  const from = useMemo(() => (hours ? new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000) : undefined), [hours])
  const status = filters.status.filter((one): one is (typeof statuses)[number] => statuses.includes(one as never))
  const query = useQuery(
    trpc.runs.list.queryOptions(
      {
        status: status.length ? status : undefined,
        workflowId: filters.workflow || undefined,
        trigger: triggers.find((one) => one === filters.trigger),
        search: filters.search || undefined,
        projectId,
        from,
        cursor,
      },
      { placeholderData: keepPreviousData },
    ),
  )
  const workflows = useQuery(trpc.workflows.list.queryOptions({ limit: 100, sort: 'name' }, { staleTime: 60_000 }))
  const items = query.data?.items ?? []
  const chosen = items.filter((run) => selection[run.id])
  const stoppable = chosen.filter(isUnfinished)
  const cancel = useCancelRuns(() => {
    setSelection({})
    setCancelling(false)
  })
  const shownView = views.find((view) => [...view.status].sort().join() === [...status].sort().join())?.key

  return (
    <Page
      title={t('title')}
      actions={
        can('run.start') && (
          <Button onClick={() => setStarting('1')}>
            <Play />
            {t('start')}
          </Button>
        )
      }
    >
      <div role="tablist" aria-label={t('views')} className={cn(tabsStyle, '-mx-1 mb-3')}>
        {views.map((view) => (
          <button
            key={view.key}
            type="button"
            role="tab"
            aria-selected={shownView === view.key}
            data-state={shownView === view.key ? 'active' : 'inactive'}
            onClick={() => setFilters({ status: [...view.status] })}
            className={tabStyle}
          >
            {t(`view.${view.key}`)}
            {view.key === 'running' && running > 0 && <span className="num text-12 font-normal text-text-3">{running}</span>}
          </button>
        ))}
      </div>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchInput
          value={filters.search}
          onValueChange={(search) => setFilters({ search })}
          placeholder={t('searchPlaceholder')}
          className="w-66 phone:w-full"
        />
        <FilterChip
          label={t('column.started')}
          options={Object.keys(spans).map((value) => ({ value, label: t(`span.${value}`) }))}
          values={filters.started ? [filters.started] : []}
          onChange={([started]) => setFilters({ started: started ?? '' })}
        />
        <FilterChip
          label={t('column.workflow')}
          options={(workflows.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
          values={filters.workflow ? [filters.workflow] : []}
          onChange={([workflow]) => setFilters({ workflow: workflow ?? '' })}
        />
        <FilterChip
          label={t('column.status')}
          multiple
          options={statuses.map((value) => ({
            value,
            label: words(`status.${value === 'accepted' ? 'queued' : value}`),
            icon: <StatusIcon status={value} />,
          }))}
          values={filters.status}
          onChange={(next) => setFilters({ status: next })}
        />
        <FilterChip
          label={t('triggerLabel')}
          options={triggers.map((value) => ({ value, label: t(`trigger.${value}`) }))}
          values={filters.trigger ? [filters.trigger] : []}
          onChange={([trigger]) => setFilters({ trigger: trigger ?? '' })}
        />
        <span className="flex-1" />
        <ExportMenu name="runs" rows={() => items.map(asRecord)} disabled={items.length === 0} />
      </div>
      <Listing
        query={query}
        isFiltered={isFiltered}
        onClear={clear}
        empty={<NoRuns onStart={can('run.start') ? () => setStarting('1') : null} />}
      >
        {(rows, loading) => (
          <>
            <Table
              rows={rows}
              columns={columns}
              getId={(run) => run.id}
              card={(run) => <RunCard run={run} />}
              label={t('title')}
              loading={loading}
              skeletonRows={12}
              selection={can('run.cancel') ? selection : undefined}
              onSelectionChange={can('run.cancel') ? setSelection : undefined}
              rowState={(run) => (run.status === 'running' ? 'live' : undefined)}
              onOpen={(run, event) => {
                if (event.ctrlKey || event.metaKey) window.open(path(`/runs/${run.id}`), '_blank')
                else router.push(path(`/runs/${run.id}`))
              }}
              className={cn(query.isPlaceholderData && 'opacity-70')}
            />
            <Pagination onNewer={newer} onOlder={older(query.data?.nextCursor)} pending={query.isPlaceholderData}>
              {!loading && <span className="num">{t('shown', { count: rows.length })}</span>}
              {live && !cursor && (
                <span className="inline-flex items-center gap-1.5 font-medium">
                  <Radio aria-hidden className="size-3.5 text-running" />
                  {words('live')}
                </span>
              )}
            </Pagination>
          </>
        )}
      </Listing>
      <SelectionBar count={chosen.length} onClear={() => setSelection({})}>
        <Button
          variant="ghost"
          size="sm"
          className="text-failed hover:text-failed"
          disabled={stoppable.length === 0}
          onClick={() => setCancelling(true)}
        >
          <Ban />
          {t('cancel', { count: stoppable.length })}
        </Button>
      </SelectionBar>
      <ConfirmDialog
        open={cancelling}
        onOpenChange={setCancelling}
        title={t('cancelTitle', { count: stoppable.length })}
        description={t('cancelDescription')}
        confirm={t('cancel', { count: stoppable.length })}
        pending={cancel.isPending}
        onConfirm={() => cancel.mutate(stoppable.map((run) => run.id))}
      />
      <StartRunDialog open={starting !== null} onOpenChange={(open) => setStarting(open ? '1' : null)} />
    </Page>
  )
}

/** Cancels several at once; says how many it could not. */
function useCancelRuns(onDone: () => void) {
  const t = useTranslations('runs')
  const client = useTRPCClient()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async (ids: string[]) => {
      const answers = await Promise.allSettled(ids.map((runId) => client.runs.cancel.mutate({ runId })))
      return {
        done: answers.filter((one) => one.status === 'fulfilled').length,
        failed: answers.filter((one) => one.status === 'rejected').length,
      }
    },
    onSuccess: ({ done, failed }) => {
      void queryClient.invalidateQueries({ queryKey: trpc.runs.pathKey() })
      if (failed > 0) toast.warning(t('cancelledSome', { done, failed }))
      else toast.success(t('cancelled', { count: done }))
      onDone()
    },
  })
}

function asRecord(run: RunRow): Record<string, unknown> {
  return {
    id: run.id,
    status: run.status,
    workflow: run.workflow.name,
    version: run.version,
    trigger: run.trigger,
    startedBy: run.startedBy?.name ?? null,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    durationMs: run.durationMs,
    costMicros: run.costMicros,
    currency: run.currency,
    error: run.error?.message ?? null,
    failedStep: run.error?.nodeTitle ?? null,
  }
}

function NoRuns({ onStart }: { onStart: (() => void) | null }) {
  const t = useTranslations('runs')
  const { path } = useOrganization()
  return (
    <EmptyState
      title={t('emptyTitle')}
      description={t('emptyDescription')}
      picture={
        <span className="flex items-center gap-2">
          <NodeTile type="trigger.webhook" size="lg" />
          <NodeTile type="http.request" size="lg" />
          <NodeTile type="people.approval" size="lg" />
        </span>
      }
    >
      {onStart && (
        <Button variant="primary" onClick={onStart}>
          <Play />
          {t('start')}
        </Button>
      )}
      <Button asChild>
        <Link href={path('/workflows')}>{t('toWorkflows')}</Link>
      </Button>
    </EmptyState>
  )
}
