'use client'

import { ChevronDown, ChevronUp } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { roundSeconds } from '@/components/canvas/node-card'
import { NodeIcon } from '@/components/canvas/node-icon'
import { CategoryTile } from '@/components/ui/category-tile'
import { cn } from '@/components/ui/cn'
import { formatClock } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { Segmented } from '@/components/ui/segmented'
import { StatusIcon } from '@/components/ui/status-icon'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import { definitionOf } from '@/workflows/graph/catalogue'
import { catalogue } from '@/workflows/nodes/catalogue'
import { isLive, type RunDetail, type StepItem, type StepRow, spanInWords, spanOf } from './run-model'
import { type Axis, axisOf } from './timeline-axis'

/** When each step ran, each try a bar; the dotted line is waiting for the next. */
export function Timeline({
  run,
  rows,
  current,
  onChoose,
}: {
  run: RunDetail
  rows: readonly StepRow[]
  current: string | null
  onChoose: (path: string) => void
}) {
  const t = useTranslations('run.timeline')
  const [by, setBy] = useState<'time' | 'order'>('time')
  const [open, setOpen] = useState(true)
  const live = isLive(run)
  const now = useNow(live ? 1000 : 60_000)
  const timeZone = useTimeZone()
  const axis = axisOf(run, rows, now, by)
  const steps = run.graph.nodes.filter((node) => definitionOf(node, catalogue)?.kind !== 'note').length
  return (
    <section
      aria-label={t('title')}
      className={cn('relative flex shrink-0 flex-col border-t bg-surface', open ? 'h-66 phone:h-auto' : 'h-9')}
    >
      <div className="flex h-9 shrink-0 items-center gap-3 border-b px-4">
        <h2 className="font-medium">{t('title')}</h2>
        <span className="num text-12 text-text-3">{t('started', { count: rows.length, of: steps })}</span>
        <span className="flex-1" />
        <Segmented
          size="sm"
          aria-label={t('by')}
          value={by}
          onValueChange={setBy}
          options={[
            { value: 'time', label: t('time') },
            { value: 'order', label: t('order') },
          ]}
        />
        <IconButton size="xs" label={open ? t('fold') : t('unfold')} onClick={() => setOpen(!open)}>
          {open ? <ChevronDown /> : <ChevronUp />}
        </IconButton>
      </div>
      {open && (
        <>
          <div aria-hidden className="grid h-6 shrink-0 grid-cols-[272px_1fr] pr-4 phone:hidden">
            <span />
            <div className="relative">
              {axis.ticks.map((tick, index) => (
                <span
                  key={tick.at}
                  className={cn(
                    'num absolute top-1 text-11 whitespace-nowrap text-text-3',
                    index === axis.ticks.length - 1 ? '-translate-x-full' : index > 0 && '-translate-x-1/2',
                  )}
                  style={{ left: `${tick.at}%` }}
                >
                  {index === 0 && by === 'time' ? formatClock(axis.start, { timeZone, seconds: true }) : tick.label}
                </span>
              ))}
            </div>
          </div>
          <div className="relative min-h-0 flex-1 overflow-y-auto pb-2" role="listbox" aria-label={t('steps')}>
            {rows.map((row) => (
              <Row key={row.path} row={row} axis={axis} now={now} chosen={row.path === current} onChoose={() => onChoose(row.path)} />
            ))}
            {rows.length === 0 && <p className="px-4 py-3 text-12 text-text-2">{live ? t('notYet') : t('none')}</p>}
          </div>
          {live && by === 'time' && axis.now !== null && (
            <div
              aria-hidden
              className="pointer-events-none absolute top-9 bottom-0 w-px bg-running-mark phone:hidden"
              style={{ left: `calc(272px + (100% - 288px) * ${axis.now / 100})` }}
            >
              <span className="absolute top-1 left-0 -translate-x-1/2 rounded-sm bg-running px-[5px] text-11 font-medium text-surface">
                {t('now')}
              </span>
            </div>
          )}
        </>
      )}
    </section>
  )
}

function Row({ row, axis, now, chosen, onChoose }: { row: StepRow; axis: Axis; now: number; chosen: boolean; onChoose: () => void }) {
  const t = useTranslations('run.timeline')
  const definition = row.node && definitionOf(row.node, catalogue)
  const category = definition?.category ?? 'flow'
  return (
    <button
      type="button"
      role="option"
      aria-selected={chosen}
      data-step={row.path}
      onClick={onChoose}
      className={cn(
        'focus-inset grid h-7 w-full grid-cols-[272px_1fr] items-center pr-4 text-left hover:bg-hover phone:h-11 phone:grid-cols-1',
        chosen && 'bg-accent-subtle hover:bg-accent-subtle',
      )}
    >
      <span className="flex min-w-0 items-center gap-2 px-4">
        <CategoryTile category={category} size="xs">
          <NodeIcon icon={definition?.icon ?? ''} category={category} />
        </CategoryTile>
        <span className="min-w-0 flex-1 truncate">{row.title}</span>
        <StatusIcon status={row.look === 'unknown' ? 'failed' : row.look} label={t(`look.${row.look}`)} />
        <span className="num w-16 text-right text-12 text-text-2">{figure(row, now, t)}</span>
      </span>
      <span
        aria-hidden
        className="relative block h-7 bg-[linear-gradient(90deg,var(--chart-grid)_1px,transparent_1px)] bg-size-[20%_100%] phone:hidden"
      >
        <Bars row={row} axis={axis} now={now} />
      </span>
    </button>
  )
}

function figure(row: StepRow, now: number, t: ReturnType<typeof useTranslations<'run.timeline'>>) {
  if (row.look === 'retrying') return t('tries', { attempt: row.last.attempt, of: row.triesAtMost })
  if (row.look === 'running' || row.look === 'waiting') return roundSeconds(Math.max(0, now - row.last.startedAt.getTime()))
  return spanInWords(spanOf(row))
}

function Bars({ row, axis, now }: { row: StepRow; axis: Axis; now: number }) {
  const t = useTranslations('run.timeline')
  const retry = row.look === 'retrying' ? row.last.retryAt : null
  return (
    <>
      {row.attempts.map((step, index) => {
        const place = axis.place(step, now)
        const next = row.attempts[index + 1]
        const gapTo = next ? axis.place(next, now).left : retry ? axis.at(retry) : null
        return (
          <span key={step.attempt}>
            <i
              className={cn('absolute block', barStyle(step, row, index))}
              style={{ left: `${place.left}%`, width: `max(3px, ${place.width}%)` }}
            />
            {gapTo !== null && gapTo > place.left + place.width && (
              <i
                className="absolute top-3.5 block border-t-[1.5px] border-dotted border-mark"
                style={{ left: `${place.left + place.width}%`, width: `${gapTo - place.left - place.width}%` }}
              />
            )}
          </span>
        )
      })}
      {row.look === 'waiting' && (
        <b
          className="absolute top-1.5 pl-2 text-11 font-medium whitespace-nowrap text-waiting"
          style={{ left: `${axis.place(row.last, now).left}%` }}
        >
          {t('waits')}
        </b>
      )}
      {retry && (
        <>
          <i
            className="absolute top-[9px] -ml-[5px] block size-2.5 rounded-full border-2 border-failed-mark bg-surface"
            style={{ left: `${axis.at(retry)}%` }}
          />
          <b className="num absolute top-1.5 pl-2 text-11 font-medium whitespace-nowrap text-failed" style={{ left: `${axis.at(retry)}%` }}>
            {t('tryIn', { attempt: row.last.attempt + 1, in: roundSeconds(Math.max(0, retry.getTime() - now)) })}
          </b>
        </>
      )}
    </>
  )
}

function barStyle(step: StepItem, row: StepRow, index: number) {
  const last = index === row.attempts.length - 1
  if (last && row.look === 'running') return 'top-3 h-1 rounded-xs bg-running-mark'
  if (last && row.look === 'waiting') return 'top-[5px] h-[18px] rounded-[3px] border border-waiting-border bg-waiting-subtle'
  if (step.status === 'failed' || step.status === 'unknown') return 'top-[9px] h-2.5 rounded-[3px] bg-failed-mark'
  if (step.reused) return 'top-[9px] h-2.5 rounded-[3px] border border-succeeded-mark bg-succeeded-subtle'
  if (step.status === 'succeeded') return 'top-[9px] h-2.5 rounded-[3px] bg-succeeded-mark'
  return 'top-[9px] h-2.5 rounded-[3px] bg-cancelled-mark'
}
