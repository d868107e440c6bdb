'use client'

import { useQuery } from '@tanstack/react-query'
import { CirclePause, Ellipsis, Pencil, Play, Plus, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useOrganization } from '@/components/frame/organization'
import { Page } from '@/components/frame/page'
import { useOpenParam } from '@/components/frame/use-open-param'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { EmptyState } from '@/components/ui/empty-state'
import { formatPercent } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { Listing } from '@/components/ui/listing'
import { NodeTile } from '@/components/ui/node-tile'
import { Switch } from '@/components/ui/switch'
import { CellText, type Column, Table } from '@/components/ui/table'
import { useTimeZone } from '@/components/ui/time-zone'
import { type LedgerDay, ledgerDays, onTimeShare } from './ledger-days'
import { NextFire } from './next-fire'
import { PauseDialog } from './pause-dialog'
import { ScheduleDialog } from './schedule-dialog'
import { ScheduleLedger, type Span } from './schedule-ledger'
import { type ScheduleRow, useLedgers, useScheduleActions } from './use-schedules'

const dayMs = 24 * 3_600_000

export function SchedulesPage() {
  const t = useTranslations('schedules')
  const trpc = useTRPC()
  const { can } = useOrganization()
  const timeZone = useTimeZone()
  const [creating, setCreating] = useOpenParam('new')
  const [editingId, setEditingId] = useOpenParam('open')
  const [span, setSpan] = useState<Span>('30')
  const [offset, setOffset] = useState(0)
  const days = useMemo(() => ledgerDays(new Date(), Number(span), offset, timeZone), [span, offset, timeZone])
  const query = useQuery(trpc.schedules.list.queryOptions({ limit: 100, language: useLocale() }, { refetchInterval: 60_000 }))
  const items = query.data?.items ?? []
  const mayEdit = can('schedule.edit')
  const paused = items.filter((one) => one.paused).length
  const editing = items.find((one) => one.id === editingId)
  return (
    <Page
      title={t('title')}
      note={items.length > 0 && (paused > 0 ? t('noteWithPaused', { on: items.length - paused, paused }) : t('note', { on: items.length }))}
      actions={
        mayEdit && (
          <Button variant="primary" onClick={() => setCreating('1')}>
            <Plus />
            {t('new')}
          </Button>
        )
      }
    >
      <Listing query={query} empty={<NoSchedules onNew={mayEdit ? () => setCreating('1') : null} />}>
        {(rows, loading) => (
          <Schedules
            rows={rows}
            loading={loading}
            days={days}
            span={span}
            onSpanChange={(next) => {
              setSpan(next)
              setOffset(0)
            }}
            offset={offset}
            onOffsetChange={setOffset}
            onEdit={setEditingId}
          />
        )}
      </Listing>
      <ScheduleDialog open={creating !== null} onOpenChange={(open) => setCreating(open ? '1' : null)} />
      {editing && (
        <ScheduleDialog key={editing.id} open schedule={editing} onOpenChange={(open) => setEditingId(open ? editing.id : null)} />
      )}
    </Page>
  )
}

function Schedules({
  rows,
  loading,
  days,
  onEdit,
  ...ledger
}: {
  rows: ScheduleRow[]
  loading: boolean
  days: LedgerDay[]
  span: Span
  onSpanChange: (span: Span) => void
  offset: number
  onOffsetChange: (offset: number) => void
  onEdit: (id: string) => void
}) {
  const t = useTranslations('schedules')
  const words = useTranslations('ui')
  const { can, path } = useOrganization()
  const { pause, resume, fireNow, remove } = useScheduleActions()
  const timeZone = useTimeZone()
  const [removing, setRemoving] = useState<ScheduleRow | null>(null)
  const [pausing, setPausing] = useState<ScheduleRow | null>(null)
  const from = days[0]?.start ?? new Date(0)
  const to = new Date((days.at(-1)?.start.getTime() ?? 0) + dayMs)
  const fires = useLedgers(rows, from, to)
  const mayEdit = can('schedule.edit')
  const runNow = can('run.start') ? (schedule: ScheduleRow) => fireNow.mutate({ scheduleId: schedule.id }) : null
  const toggle = (schedule: ScheduleRow, on: boolean) =>
    on ? resume.mutate({ scheduleId: schedule.id }) : pause.mutate({ scheduleId: schedule.id })
  const columns: Column<ScheduleRow>[] = [
    {
      id: 'name',
      header: t('column.name'),
      meta: { className: 'min-w-40' },
      cell: ({ row: { original: one } }) => (
        <CellText className="max-w-80" title={`${one.name} ${one.workflow.name}`}>
          <button
            type="button"
            onClick={() => onEdit(one.id)}
            className={cn('max-w-full truncate align-bottom font-medium hover:underline', one.paused && 'font-normal text-text-2')}
          >
            {one.name}
          </button>{' '}
          <Link href={path(`/workflows/${one.workflow.id}`)} className="text-12 text-text-3 hover:underline">
            {one.workflow.name}
          </Link>
        </CellText>
      ),
    },
    {
      id: 'rule',
      header: t('column.rule'),
      meta: { wide: true, className: 'min-w-40' },
      cell: ({ row: { original: one } }) => (
        <CellText className="max-w-70 text-text-2" title={`${one.cron} ${one.timeZone}`}>
          {one.words}
          {one.timeZone !== timeZone && <span className="text-text-3">, {placeOf(one.timeZone)}</span>}
        </CellText>
      ),
    },
    {
      id: 'next',
      header: t('column.next'),
      meta: { className: 'min-w-40' },
      cell: ({ row: { original: one } }) =>
        one.paused ? (
          <CellText className="max-w-70 text-text-2" title={one.pauseReason ?? undefined}>
            {one.pauseReason ? t('pausedBecause', { reason: one.pauseReason }) : t('paused')}
          </CellText>
        ) : (
          <NextFire at={one.next[0]} />
        ),
    },
    {
      id: 'overlap',
      header: t('column.overlap'),
      meta: { wide: true },
      cell: ({ row: { original: one } }) => <span className="text-text-2">{t(`overlap.${one.overlap}`)}</span>,
    },
    {
      id: 'onTime',
      header: t('column.onTime'),
      meta: { align: 'right', wide: true },
      cell: ({ row: { original: one } }) => {
        if (one.paused) return <span className="text-text-2">{t('paused')}</span>
        const share = onTimeShare(fires.get(one.id) ?? [])
        if (share === null) return <span className="text-text-3">–</span>
        return formatPercent(share, share === 1 ? 0 : 1)
      },
    },
    {
      id: 'on',
      header: t('column.on'),
      meta: { align: 'right' },
      cell: ({ row: { original: one } }) => (
        <Switch
          checked={!one.paused}
          disabled={!mayEdit}
          aria-label={t('switch', { name: one.name })}
          onCheckedChange={(on) => toggle(one, on)}
          className="align-middle"
        />
      ),
    },
    {
      id: 'menu',
      header: () => <span className="sr-only">{words('more')}</span>,
      meta: { align: 'right', className: 'w-10 pr-1' },
      cell: ({ row: { original: one } }) => (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <IconButton label={t('actionsOf', { name: one.name })} size="sm">
              <Ellipsis className="size-4" />
            </IconButton>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem icon={<Pencil />} onSelect={() => onEdit(one.id)}>
              {mayEdit ? words('edit') : t('look')}
            </DropdownMenuItem>
            {runNow && (
              <DropdownMenuItem icon={<Play />} onSelect={() => runNow(one)}>
                {t('runNow')}
              </DropdownMenuItem>
            )}
            {mayEdit && (
              <>
                <DropdownMenuItem icon={<CirclePause />} onSelect={() => setPausing(one)}>
                  {t('pauseBecause')}
                </DropdownMenuItem>
                <DropdownMenuSeparator />
                <DropdownMenuItem icon={<Trash2 />} destructive onSelect={() => setRemoving(one)}>
                  {words('remove')}
                </DropdownMenuItem>
              </>
            )}
          </DropdownMenuContent>
        </DropdownMenu>
      ),
    },
  ]
  return (
    <>
      {!loading && <ScheduleLedger schedules={rows} fires={fires} days={days} onRunNow={runNow} {...ledger} />}
      <Table className="mt-4" rows={rows} columns={columns} getId={(one) => one.id} label={t('title')} loading={loading} />
      {pausing && <PauseDialog schedule={pausing} onClose={() => setPausing(null)} />}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t('removeTitle', { name: removing?.name ?? '' })}
        description={t('removeDescription')}
        confirm={t('removeConfirm')}
        pending={remove.isPending}
        onConfirm={() => removing && remove.mutate({ scheduleId: removing.id }, { onSuccess: () => setRemoving(null) })}
      />
    </>
  )
}

/** `Europe/Berlin` → `Berlin`: whose clock the rule follows, where it is not the reader's. */
function placeOf(timeZone: string) {
  return timeZone.split('/').at(-1)?.replaceAll('_', ' ')
}

function NoSchedules({ onNew }: { onNew: (() => void) | null }) {
  const t = useTranslations('schedules')
  return (
    <EmptyState title={t('emptyTitle')} description={t('emptyDescription')} picture={<NodeTile type="trigger.schedule" size="lg" />}>
      {onNew && (
        <Button onClick={onNew}>
          <Plus />
          {t('new')}
        </Button>
      )}
    </EmptyState>
  )
}
