'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { MailCheck, RotateCcw, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { ExportMenu } from '@/components/frame/export-menu'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useFilters } from '@/components/frame/url-state'
import { useOpenParam } from '@/components/frame/use-open-param'
import { useProject } from '@/components/frame/use-project'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { FilterChip } from '@/components/ui/filter-chip'
import { SearchInput } from '@/components/ui/search-input'
import { SelectionBar } from '@/components/ui/selection-bar'
import { Skeleton } from '@/components/ui/skeleton'
import { StatusIcon } from '@/components/ui/status-icon'
import { tabStyle, tabsStyle } from '@/components/ui/tabs'
import { ClosedLetters } from './closed-letters'
import { DiscardDialog } from './discard-dialog'
import type { Letter } from './letter'
import { LetterDrawer } from './letter-drawer'
import { LetterGroup } from './letter-group'
import { ManyDrawer } from './many-drawer'

const states = ['open', 'retried', 'resolved', 'discarded'] as const

export function DeadLettersPage() {
  const t = useTranslations('deadLetters')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const { projectId } = useProject()
  const { filters, setFilters } = useFilters({ state: 'one', workflow: 'one', signature: 'one', search: 'one' })
  const [openId, setOpenId] = useOpenParam('open')
  const [selected, setSelected] = useState<Map<string, Letter>>(new Map())
  const [many, setMany] = useState<{ sampleId: string; count: number; signature?: string; ids?: string[] } | null>(null)
  const [discarding, setDiscarding] = useState<string[] | null>(null)
  const state = states.find((one) => one === filters.state) ?? 'open'
  const workflowId = filters.workflow || undefined
  const search = filters.search || undefined
  const groups = useQuery(
    trpc.deadLetters.groups.queryOptions(
      { workflowId, projectId, search },
      { enabled: state === 'open', placeholderData: keepPreviousData },
    ),
  )
  const counts = useQuery(trpc.deadLetters.counts.queryOptions({ workflowId, projectId, search }, { placeholderData: keepPreviousData }))
  const workflows = useQuery(trpc.workflows.list.queryOptions({ limit: 100, sort: 'name' }, { staleTime: 60_000 }))
  const mayResolve = can('deadletter.resolve')
  const items = groups.data?.items ?? []
  const total = items.reduce((sum, group) => sum + group.count, 0)
  const clearSelection = () => setSelected(new Map())
  const toggle = (letters: readonly Letter[], on: boolean) =>
    setSelected((before) => {
      const next = new Map(before)
      for (const letter of letters) {
        if (on) next.set(letter.id, letter)
        else next.delete(letter.id)
      }
      return next
    })
  return (
    <Page
      beside={openId !== null || many !== null}
      title={t('title')}
      note={state === 'open' && items.length > 0 && t('note', { count: total, groups: items.length })}
      actions={
        <ExportMenu
          name="dead-letters"
          disabled={items.length === 0 || state !== 'open'}
          rows={() => items.map(({ workflow, ...group }) => ({ ...group, workflow: workflow.name }))}
        />
      }
    >
      <div role="tablist" aria-label={t('states')} className={cn(tabsStyle, '-mx-1 mb-3')}>
        {states.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={one === state}
            data-state={one === state ? 'active' : 'inactive'}
            onClick={() => {
              clearSelection()
              setFilters({ state: one === 'open' ? '' : one, signature: '' })
            }}
            className={tabStyle}
          >
            {t(`state.${one}`)}
            {counts.data && (
              <span className="num text-12 font-normal text-text-3" data-count={one}>
                {t(counts.data[one].more ? 'countedMore' : 'counted', { count: counts.data[one].count })}
              </span>
            )}
          </button>
        ))}
      </div>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchInput
          className="min-w-60 flex-1"
          value={filters.search}
          onValueChange={(next) => {
            clearSelection()
            setFilters({ search: next })
          }}
          placeholder={t('searchPlaceholder')}
        />
        <FilterChip
          label={t('workflow')}
          options={(workflows.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
          values={filters.workflow ? [filters.workflow] : []}
          onChange={([workflow]) => setFilters({ workflow: workflow ?? '' })}
        />
      </div>
      {state !== 'open' && <ClosedLetters state={state} workflowId={workflowId} search={search} onOpen={setOpenId} />}
      {state === 'open' && groups.isError && !groups.data && <ErrorState error={groups.error} onRetry={() => groups.refetch()} />}
      {state === 'open' && groups.isPending && <Skeleton className="h-70 rounded-lg" />}
      {state === 'open' &&
        groups.data &&
        items.length === 0 &&
        (search ? <NothingFound onClear={() => setFilters({ search: '' })} /> : <NoLetters />)}
      {state === 'open' && items.length > 0 && (
        <div className="mb-6 divide-y divide-border overflow-hidden rounded-lg border">
          {items.map((group) => (
            <LetterGroup
              key={`${group.signature}${group.workflow.id}`}
              group={group}
              expanded={filters.signature === group.signature}
              onExpand={(on) => setFilters({ signature: on ? group.signature : '' })}
              selected={selected}
              onToggle={toggle}
              onOpen={setOpenId}
              openId={openId}
              isBeside={openId !== null || many !== null}
              search={search}
              onResolveAll={
                mayResolve
                  ? (ids) =>
                      setMany(
                        ids
                          ? { sampleId: group.sampleId, count: ids.length, ids }
                          : { sampleId: group.sampleId, count: group.count, signature: group.signature },
                      )
                  : null
              }
            />
          ))}
        </div>
      )}
      <SelectionBar count={selected.size} onClear={clearSelection}>
        <Button
          variant="ghost"
          size="sm"
          className="bg-accent-subtle text-accent-text"
          disabled={!mayResolve}
          onClick={() => {
            const ids = [...selected.keys()]
            if (ids[0]) setMany({ sampleId: ids[0], count: ids.length, ids })
          }}
        >
          <RotateCcw />
          {t('runAgain')}
        </Button>
        <Button
          variant="ghost"
          size="sm"
          className="text-failed hover:text-failed"
          disabled={!mayResolve}
          onClick={() => setDiscarding([...selected.keys()])}
        >
          <Trash2 />
          {t('discard')}
        </Button>
      </SelectionBar>
      {openId && <LetterDrawer key={openId} id={openId} onClose={() => setOpenId(null)} onDiscard={() => setDiscarding([openId])} />}
      {many && (
        <ManyDrawer
          {...many}
          onClose={() => setMany(null)}
          onDone={() => {
            setMany(null)
            clearSelection()
          }}
        />
      )}
      <DiscardDialog
        ids={discarding ?? []}
        onClose={() => setDiscarding(null)}
        onDone={() => {
          setDiscarding(null)
          setOpenId(null)
          clearSelection()
        }}
      />
    </Page>
  )
}

function NothingFound({ onClear }: { onClear: () => void }) {
  const t = useTranslations('deadLetters')
  return (
    <EmptyState title={t('notFound')} description={t('notFoundText')}>
      <Button onClick={onClear}>{t('clearSearch')}</Button>
    </EmptyState>
  )
}

function NoLetters() {
  const t = useTranslations('deadLetters')
  const { path } = useOrganization()
  return (
    <EmptyState
      title={t('emptyTitle')}
      description={t('emptyDescription')}
      picture={<MailCheck aria-hidden className="size-6 text-succeeded" />}
    >
      <Button asChild>
        <Link href={path('/runs?status=failed')}>
          <StatusIcon status="failed" className="size-3.5" />
          {t('toFailed')}
        </Link>
      </Button>
    </EmptyState>
  )
}
