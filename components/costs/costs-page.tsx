'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { type Outputs, useTRPC } from '@/components/api/trpc'
import { ExportMenu } from '@/components/frame/export-menu'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useFilters } from '@/components/frame/url-state'
import { Card, CardHead } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { FilterChip } from '@/components/ui/filter-chip'
import { formatMoney, formatNumber } from '@/components/ui/format'
import { Money } from '@/components/ui/money'
import { NodeTile } from '@/components/ui/node-tile'
import { Segmented } from '@/components/ui/segmented'
import { Skeleton } from '@/components/ui/skeleton'
import { PlainTable, Td, Th } from '@/components/ui/table'
import { useTimeZone } from '@/components/ui/time-zone'
import { costSpan, everyDay, spans } from './cost-span'

const DayChart = dynamic(() => import('./day-chart'), { ssr: false, loading: () => <div className="h-66" /> })

type Summary = Outputs['costs']['summary']
type Row = Summary['rows'][number]
const sides = ['workflow', 'model', 'day'] as const

export function CostsPage() {
  const t = useTranslations('costs')
  const trpc = useTRPC()
  const { path } = useOrganization()
  const timeZone = useTimeZone()
  const { filters, setFilters } = useFilters({ span: 'one', workflow: 'one', by: 'one' })
  const span = spans.find((one) => one === filters.span) ?? 'month'
  const by = sides.find((one) => one === filters.by) ?? 'workflow'
  const { from, to } = useMemo(() => costSpan(span, new Date(), timeZone), [span, timeZone])
  const shared = { from, to, workflowId: filters.workflow || undefined }
  const options = { placeholderData: keepPreviousData, staleTime: 60_000 }
  const days = useQuery(trpc.costs.summary.queryOptions({ ...shared, by: 'day' }, options))
  const models = useQuery(trpc.costs.summary.queryOptions({ ...shared, by: 'model' }, options))
  const table = useQuery(trpc.costs.summary.queryOptions({ ...shared, by }, options))
  const workflows = useQuery(trpc.workflows.list.queryOptions({ limit: 100, sort: 'name' }, { staleTime: 60_000 }))
  const summary = days.data
  const nothing = summary && summary.totals.runs === 0 && summary.totals.costMicros === 0
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <FilterChip
            label={t('span')}
            clearable={false}
            options={spans.map((value) => ({ value, label: t(`spans.${value}`) }))}
            values={[span]}
            onChange={([value]) => setFilters({ span: value === 'month' ? '' : value })}
          />
          <FilterChip
            label={t('workflow')}
            options={(workflows.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
            values={filters.workflow ? [filters.workflow] : []}
            onChange={([workflow]) => setFilters({ workflow: workflow ?? '' })}
          />
          <ExportMenu name="costs" rows={() => (table.data?.rows ?? []).map((row) => ({ ...row }))} disabled={!table.data?.rows.length} />
        </>
      }
    >
      {days.isError && !summary && <ErrorState error={days.error} onRetry={() => days.refetch()} />}
      {days.isPending && <Skeleton className="h-100 rounded-lg" />}
      {nothing && (
        <EmptyState title={t('emptyTitle')} description={t('emptyDescription')} picture={<NodeTile type="ai.model" size="lg" />} />
      )}
      {summary && !nothing && (
        <>
          <Totals summary={summary} />
          <div className="mb-6 grid grid-cols-[minmax(0,1fr)_304px] gap-6 max-xl:grid-cols-1">
            <Card>
              <CardHead title={t('perDay')} />
              <div className="p-4 pb-2">
                <DayChart rows={everyDay(summary.rows, from, to, timeZone)} currency={summary.currency} />
              </div>
            </Card>
            <Card>
              <CardHead title={t('byModel')} />
              <Bars rows={(models.data?.rows ?? []).filter((row) => row.key !== '')} currency={summary.currency} />
            </Card>
          </div>
          <Card className="relative overflow-x-auto">
            <CardHead title={t('table')}>
              <Segmented
                aria-label={t('table')}
                size="sm"
                value={by}
                onValueChange={(next) => setFilters({ by: next === 'workflow' ? '' : next })}
                options={sides.map((value) => ({ value, label: t(`by.${value}`) }))}
              />
            </CardHead>
            <CostTable
              rows={by === 'day' ? [...(table.data?.rows ?? [])].reverse() : (table.data?.rows ?? [])}
              by={by}
              total={table.data?.totals.costMicros ?? 0}
              currency={summary.currency}
              hrefOf={(row) => (by === 'workflow' ? path(`/workflows/${row.key}`) : null)}
              className={cn(table.isPlaceholderData && 'opacity-70')}
            />
          </Card>
        </>
      )}
    </Page>
  )
}

function Totals({ summary: { totals, before, currency } }: { summary: Summary }) {
  const t = useTranslations('costs')
  const perRun = totals.runs > 0 ? totals.costMicros / totals.runs : 0
  const perRunBefore = before.runs > 0 ? before.costMicros / before.runs : null
  const cells = [
    { label: t('spent'), value: formatMoney(totals.costMicros, currency), note: change(totals.costMicros, before.costMicros, t) },
    {
      label: t('aRun'),
      value: formatMoney(perRun, currency, { precise: true }),
      note: perRunBefore === null ? t('noBefore') : change(perRun, perRunBefore, t),
    },
    { label: t('runs'), value: formatNumber(totals.runs), note: t('failed', { count: totals.failed }) },
    {
      label: t('tokens'),
      value: formatNumber(totals.inputTokens + totals.outputTokens),
      note: t('inOut', { input: formatNumber(totals.inputTokens), output: formatNumber(totals.outputTokens) }),
    },
  ]
  return (
    <Card className="mb-6 grid grid-cols-4 max-lg:grid-cols-2">
      {cells.map((cell, index) => (
        <div key={cell.label} className={cn('px-5 py-4', index > 0 && 'border-l', index === 2 && 'max-lg:border-l-0')}>
          <p className="text-12 text-text-2">{cell.label}</p>
          <p className="num my-1 truncate text-20 font-semibold tracking-[-0.02em]">{cell.value}</p>
          <p className="num text-12 text-text-3">{cell.note}</p>
        </div>
      ))}
    </Card>
  )
}

function change(now: number, before: number, t: ReturnType<typeof useTranslations<'costs'>>) {
  if (before === 0) return t('noBefore')
  const percent = Math.round((now / before - 1) * 100)
  if (percent === 0) return t('same')
  return percent > 0 ? t('more', { percent }) : t('less', { percent: -percent })
}

function Bars({ rows, currency }: { rows: readonly Row[]; currency: string }) {
  const t = useTranslations('costs')
  const most = Math.max(1, ...rows.map((row) => row.costMicros))
  if (rows.length === 0) return <p className="px-4 py-5 text-text-2">{t('noModels')}</p>
  return (
    <ul className="flex flex-col gap-5 px-4 py-5">
      {rows.slice(0, 6).map((row) => (
        <li key={row.key}>
          <div className="mb-2 flex items-baseline gap-3">
            <span className="min-w-0 flex-1 truncate font-medium">{row.label || t('noModel')}</span>
            <Money micros={row.costMicros} currency={currency} className="text-12 text-text-2" />
          </div>
          <Share part={row.costMicros / most} />
        </li>
      ))}
    </ul>
  )
}

function Share({ part }: { part: number }) {
  return (
    <span aria-hidden className="block h-1.5 overflow-hidden rounded-full bg-pressed">
      <i className="block h-full rounded-full bg-accent" style={{ width: `${Math.max(part > 0 ? 2 : 0, part * 100)}%` }} />
    </span>
  )
}

function CostTable({
  rows,
  by,
  total,
  currency,
  hrefOf,
  className,
}: {
  rows: readonly Row[]
  by: (typeof sides)[number]
  total: number
  currency: string
  hrefOf: (row: Row) => string | null
  className?: string
}) {
  const t = useTranslations('costs')
  return (
    <PlainTable aria-label={t('table')} className={className}>
      <thead>
        <tr>
          <Th className="pl-4">{t(`by.${by}`)}</Th>
          <Th align="right">{t('runs')}</Th>
          <Th align="right" className="phone:hidden">
            {t('tokens')}
          </Th>
          <Th align="right">{t('cost')}</Th>
          <Th className="w-56 phone:hidden">{t('share')}</Th>
          <Th align="right" className="pr-4 phone:hidden">
            {t('aRun')}
          </Th>
        </tr>
      </thead>
      <tbody className="[&_tr:last-child_td]:border-b-0">
        {rows.map((row) => {
          const href = hrefOf(row)
          const share = total > 0 ? row.costMicros / total : 0
          return (
            <tr key={row.key} className="hover:bg-hover">
              <Td className="max-w-70 truncate pl-4 font-medium phone:w-full phone:max-w-0">
                {href ? (
                  <Link href={href} className="hover:underline">
                    {row.label}
                  </Link>
                ) : (
                  row.label || t('noModel')
                )}
              </Td>
              <Td align="right">{formatNumber(row.runs)}</Td>
              <Td align="right" className="text-text-2 phone:hidden">
                {formatNumber(row.inputTokens + row.outputTokens)}
              </Td>
              <Td align="right" className="font-medium">
                <Money micros={row.costMicros} currency={currency} />
              </Td>
              <Td className="phone:hidden">
                <span className="flex items-center gap-2">
                  <span className="w-36">
                    <Share part={share} />
                  </span>
                  <span className="text-text-2">{Math.round(share * 100)}%</span>
                </span>
              </Td>
              <Td align="right" className="pr-4 text-text-2 phone:hidden">
                {row.runs > 0 && <Money micros={row.costMicros / row.runs} currency={currency} precise />}
              </Td>
            </tr>
          )
        })}
      </tbody>
    </PlainTable>
  )
}
