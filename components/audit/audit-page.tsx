'use client'

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronRight, Cog, KeyRound, ShieldAlert, ShieldCheck } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Fragment, useMemo, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { ExportMenu } from '@/components/frame/export-menu'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useCursor, useFilters } from '@/components/frame/url-state'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { FilterChip } from '@/components/ui/filter-chip'
import { Listing } from '@/components/ui/listing'
import { Pagination } from '@/components/ui/pagination'
import { RelativeTime } from '@/components/ui/relative-time'
import { RowList } from '@/components/ui/row-list'
import { SearchInput } from '@/components/ui/search-input'
import { Skeleton } from '@/components/ui/skeleton'
import { PlainTable, Td, Th } from '@/components/ui/table'
import { usePhone } from '@/components/ui/use-phone'
import { ActWords, type Entry } from './act-words'

const spans = { '24h': 24, '7d': 168, '30d': 720, '365d': 8760 } as const
const areas = [
  'workflow',
  'draft',
  'run',
  'schedule',
  'dead_letter',
  'task',
  'credential',
  'circuit',
  'variable',
  'template',
  'person',
  'api_key',
  'project',
  'organization',
  'session',
  'model_price',
] as const

export function AuditPage() {
  const t = useTranslations('audit')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const { filters, setFilters, clear, isFiltered } = useFilters({ actor: 'one', action: 'one', target: 'one', when: 'one' })
  const { cursor, older, newer } = useCursor()
  const hours = spans[filters.when as keyof typeof spans]
  const from = useMemo(() => (hours ? new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000) : undefined), [hours])
  const query = useQuery(
    trpc.audit.list.queryOptions(
      { actor: filters.actor || undefined, action: filters.action || undefined, target: filters.target || undefined, from, cursor },
      { placeholderData: keepPreviousData },
    ),
  )
  const people = useQuery(trpc.people.list.queryOptions(undefined, { enabled: can('people.read'), staleTime: 60_000 }))
  const names = useMemo(() => new Map(people.data?.members.map((one) => [one.userId, one.name])), [people.data])
  const keys = useQuery(trpc.apiKeys.list.queryOptions(undefined, { enabled: can('apikey.manage'), staleTime: 60_000 }))
  // Who was removed, or revoked, is offered where an act of theirs is in sight.
  const actors = new Map<string, string>([
    ...(query.data?.items ?? []).flatMap(({ actor }) => {
      if (!actor.id || !actor.name || actor.kind === 'system') return []
      return [[actor.id, actor.kind === 'api_key' ? t('key', { name: actor.name }) : actor.name] as const]
    }),
    ...(people.data?.members ?? []).map((one) => [one.userId, one.name] as const),
    ...(keys.data?.items ?? []).map((one) => [one.id, t('key', { name: one.name })] as const),
  ])
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <ExportMenu name="audit" rows={() => (query.data?.items ?? []).map(asRecord)} disabled={!query.data?.items.length} />
          <VerifyButton />
        </>
      }
    >
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <FilterChip
          label={t('who')}
          options={[...actors].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label))}
          values={filters.actor ? [filters.actor] : []}
          onChange={([actor]) => setFilters({ actor: actor ?? '' })}
        />
        <FilterChip
          label={t('what')}
          options={areas.map((value) => ({ value, label: t(`area.${value}`) }))}
          values={filters.action ? [filters.action] : []}
          onChange={([action]) => setFilters({ action: action ?? '' })}
        />
        <FilterChip
          label={t('when')}
          options={Object.keys(spans).map((value) => ({ value, label: t(`span.${value}`) }))}
          values={filters.when ? [filters.when] : []}
          onChange={([when]) => setFilters({ when: when ?? '' })}
        />
        <SearchInput
          value={filters.target}
          onValueChange={(target) => setFilters({ target: target.trim() })}
          placeholder={t('targetPlaceholder')}
          className="w-64 phone:w-full"
        />
      </div>
      <Listing
        query={query}
        isFiltered={isFiltered}
        onClear={clear}
        empty={<EmptyState title={t('emptyTitle')} description={t('emptyDescription')} />}
      >
        {(items, loading) => (
          <>
            {loading ? (
              <Skeleton className="h-80" />
            ) : (
              <AuditTable items={items} dimmed={query.isPlaceholderData} nameOf={(id) => names.get(id)} />
            )}
            <Pagination onNewer={newer} onOlder={older(query.data?.nextCursor)} pending={query.isPlaceholderData} />
          </>
        )}
      </Listing>
    </Page>
  )
}

function AuditTable({
  items,
  dimmed,
  nameOf,
}: {
  items: readonly Entry[]
  dimmed: boolean
  nameOf: (userId: string) => string | undefined
}) {
  const t = useTranslations('audit')
  const { path } = useOrganization()
  const phone = usePhone()
  const [open, setOpen] = useState<string | null>(null)
  const words = (entry: Entry) => <ActWords entry={entry} nameOf={nameOf} path={path} />
  const more = (entry: Entry) => (
    <DetailButton entry={entry} expanded={open === entry.id} onToggle={() => setOpen(open === entry.id ? null : entry.id)} />
  )
  if (phone) {
    return (
      <RowList rows={items} getId={(entry) => entry.id} label={t('title')} className={cn(dimmed && 'opacity-70')}>
        {(entry) => (
          <>
            <div className="flex items-center gap-2">
              <Actor actor={entry.actor} />
              <RelativeTime at={entry.at} className="ml-auto shrink-0 text-12 text-text-3" />
              {more(entry)}
            </div>
            <p className="mt-1 break-words">{words(entry)}</p>
            {open === entry.id && <Detail entry={entry} />}
          </>
        )}
      </RowList>
    )
  }
  return (
    <PlainTable aria-label={t('title')} className={cn(dimmed && 'opacity-70')}>
      <thead>
        <tr>
          <Th className="w-8">
            <span className="sr-only">{t('detail')}</span>
          </Th>
          <Th className="w-52">{t('who')}</Th>
          <Th>{t('what')}</Th>
          <Th align="right">{t('when')}</Th>
          <Th align="right">{t('number')}</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((entry) => (
          <Fragment key={entry.id}>
            <tr className="hover:bg-hover">
              <Td className="pr-0">{more(entry)}</Td>
              <Td>
                <span className="flex items-center gap-2">
                  <Actor actor={entry.actor} />
                </span>
              </Td>
              <Td className="py-2 break-words whitespace-normal">{words(entry)}</Td>
              <Td align="right">
                <RelativeTime at={entry.at} className="text-text-2" />
              </Td>
              <Td align="right" className="text-text-3">
                {entry.seq}
              </Td>
            </tr>
            {open === entry.id && (
              <tr>
                <td colSpan={5} className="border-b bg-sunken px-11 py-3">
                  <Detail entry={entry} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </PlainTable>
  )
}

function DetailButton({ entry, expanded, onToggle }: { entry: Entry; expanded: boolean; onToggle: () => void }) {
  const t = useTranslations('audit')
  if (!hasDetail(entry) && !entry.target.id) return null
  return (
    <button
      type="button"
      aria-expanded={expanded}
      aria-label={t('detail')}
      onClick={onToggle}
      className="grid size-6 place-items-center rounded-md text-text-3 hover:bg-pressed phone:size-8"
    >
      <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', expanded && 'rotate-90')} />
    </button>
  )
}

/** The record as it was written, for whoever has to prove it. */
function Detail({ entry }: { entry: Entry }) {
  return (
    <div className="mono text-text-2 phone:mt-2 phone:rounded-md phone:bg-sunken phone:p-3">
      <p className="break-all text-text-3">
        {entry.action} {entry.target.id}
      </p>
      {hasDetail(entry) && <pre className="mt-2 break-all whitespace-pre-wrap">{JSON.stringify(entry.detail, null, 2)}</pre>}
    </div>
  )
}

function hasDetail(entry: Entry) {
  return entry.detail !== null && JSON.stringify(entry.detail) !== '{}'
}

function Actor({ actor }: { actor: Entry['actor'] }) {
  const t = useTranslations('audit')
  const Icon = actor.kind === 'api_key' ? KeyRound : Cog
  return (
    <>
      {actor.kind === 'person' ? (
        <Avatar name={actor.name ?? '?'} className="size-5 text-[9px]" />
      ) : (
        <Icon aria-hidden className="mx-0.5 size-4 shrink-0 text-text-3" />
      )}
      <span className="max-w-44 truncate">{actor.name ?? t(`actor.${actor.kind}`)}</span>
    </>
  )
}

function asRecord(entry: Entry): Record<string, unknown> {
  return {
    seq: entry.seq,
    at: entry.at,
    actorKind: entry.actor.kind,
    actorId: entry.actor.id,
    actor: entry.actor.name,
    action: entry.action,
    targetKind: entry.target.kind,
    targetId: entry.target.id,
    target: entry.target.name,
    detail: entry.detail,
  }
}

/** Follows the chain of hashes from the first entry to the last. */
function VerifyButton() {
  const t = useTranslations('audit')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const verify = useMutation({ mutationFn: () => queryClient.fetchQuery(trpc.audit.verify.queryOptions(undefined, { staleTime: 0 })) })
  const result = verify.data
  return (
    <span className="flex items-center gap-3">
      <span role="status" className="text-12">
        {result && (
          <span className={cn('flex items-center gap-1.5 font-medium', result.ok ? 'text-succeeded' : 'text-failed')}>
            {result.ok ? <ShieldCheck aria-hidden className="size-4" /> : <ShieldAlert aria-hidden className="size-4" />}
            {result.ok ? t('whole', { count: result.checked }) : t('broken', { seq: result.brokenAt ?? 0 })}
          </span>
        )}
      </span>
      <Button pending={verify.isPending} onClick={() => verify.mutate()}>
        {!verify.isPending && <ShieldCheck />}
        {t('verify')}
      </Button>
    </span>
  )
}
