'use client'

import { useQueries } from '@tanstack/react-query'
import { CircleHelp, Clock, LoaderCircle, type LucideIcon, RotateCw, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useVirtualRows } from '@/components/data-view/use-virtual-rows'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/input'
import { type RunDetail, spanInWords } from './run-model'
import { doneOf, type Iteration, type LoopSummary, numberOf } from './run-parts'

const cell = 20
const page = 500

const looks: Record<Iteration['look'], { style: string; icon: LucideIcon | null }> = {
  succeeded: { style: 'border-succeeded-mark bg-succeeded-subtle', icon: null },
  failed: { style: 'border-failed-mark bg-failed-subtle text-failed', icon: X },
  retrying: { style: 'border-dashed border-failed-mark text-failed', icon: RotateCw },
  waiting: { style: 'border-waiting-border bg-waiting-subtle text-waiting', icon: Clock },
  running: { style: 'border-running-mark bg-running-subtle text-running', icon: LoaderCircle },
  unknown: { style: 'border-cancelled-mark text-cancelled', icon: CircleHelp },
}

/** Every iteration of a loop as one small mark; only those in sight are asked for and drawn, however many there are. */
export function IterationGrid({
  run,
  path,
  loop,
  live,
  picked,
  onPick,
}: {
  run: RunDetail
  path: string
  loop: LoopSummary
  live: boolean
  picked: string | null
  onPick: (iteration: string) => void
}) {
  const t = useTranslations('run.loop')
  const chosen = picked === null ? null : numberOf(picked)
  const [focused, setFocused] = useState(chosen ?? 0)
  const count = Math.max(loop.total ?? 0, loop.begun)
  const next = loop.attention.find((one) => (numberOf(one) ?? -1) > (chosen ?? -1)) ?? loop.attention[0]
  return (
    <div className="flex flex-col gap-3 px-5 pt-4 pb-5" data-testid="iterations">
      <p className="num text-12 text-text-2">
        {t('done', { done: doneOf(loop), total: count })}
        {(['failed', 'retrying', 'waiting', 'running', 'unknown'] as const).map((look) =>
          loop.looks[look] ? <span key={look}>{` · ${t(`count.${look}`, { count: loop.looks[look] })}`}</span> : null,
        )}
      </p>
      <div className="flex items-center gap-2">
        {next !== undefined && (
          <Button size="sm" onClick={() => onPick(next)}>
            {t('next')}
          </Button>
        )}
        <span className="flex-1" />
        {count > 50 && <GoTo count={count} onGo={(number) => setFocused(number)} />}
      </div>
      {count === 0 ? (
        <p className="text-text-2">{live ? t('notYet') : t('none')}</p>
      ) : (
        <Cells
          runId={run.id}
          path={path}
          count={count}
          live={live}
          chosen={chosen}
          focused={Math.min(focused, count - 1)}
          onFocus={setFocused}
          onPick={onPick}
        />
      )}
    </div>
  )
}

function GoTo({ count, onGo }: { count: number; onGo: (number: number) => void }) {
  const t = useTranslations('run.loop')
  const id = useId()
  return (
    <form
      className="flex items-center gap-2 text-12 text-text-2"
      onSubmit={(event) => {
        event.preventDefault()
        const number = Number(new FormData(event.currentTarget).get('number'))
        if (Number.isInteger(number) && number >= 1) onGo(Math.min(count, number) - 1)
      }}
    >
      <label htmlFor={id} className="whitespace-nowrap">
        {t('goTo')}
      </label>
      <Input id={id} name="number" inputMode="numeric" className="num h-7 w-20" placeholder={`1–${count}`} />
    </form>
  )
}

interface CellsProps {
  runId: string
  path: string
  count: number
  live: boolean
  chosen: number | null
  focused: number
  onFocus: (number: number) => void
  onPick: (iteration: string) => void
}

function Cells({ runId, path, count, live, chosen, focused, onFocus, onPick }: CellsProps) {
  const t = useTranslations('run.loop')
  const trpc = useTRPC()
  const id = useId()
  const grid = useRef<HTMLDivElement>(null)
  const columns = useColumns(grid)
  const rows = Math.ceil(count / columns)
  const { from, to, box, show } = useVirtualRows(grid, { count: rows, rowHeight: cell })
  const firstPage = Math.floor((from * columns) / page)
  const pages = Array.from({ length: Math.max(1, Math.ceil((to * columns) / page) - firstPage) }, (_, index) => (firstPage + index) * page)
  const loaded = useQueries({
    queries: pages.map((start) =>
      trpc.runs.iterations.queryOptions(
        { runId, path, from: start, count: page },
        { staleTime: live ? 1_000 : 60_000, refetchInterval: live ? 2_000 : false },
      ),
    ),
  })
  const known = new Map(loaded.flatMap(({ data }) => data?.items.map((one) => [numberOf(one.iteration) ?? -1, one] as const) ?? []))
  const row = Math.floor(focused / columns)
  useEffect(() => show(row), [row, show])
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      PageDown: columns * 10,
      PageUp: -columns * 10,
      Home: -count,
      End: count,
    }
    const step = steps[event.key]
    const picks = event.key === 'Enter' || event.key === ' '
    if (step === undefined && !picks) return
    event.preventDefault()
    event.stopPropagation()
    if (step !== undefined) onFocus(Math.max(0, Math.min(count - 1, focused + step)))
    const one = picks && known.get(focused)
    if (one) onPick(one.iteration)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot leave out the rows that are not in sight
    <div
      ref={grid}
      role="grid"
      aria-label={t('grid')}
      aria-rowcount={rows}
      aria-colcount={columns}
      tabIndex={0}
      aria-activedescendant={row >= from && row < to ? `${id}-${focused}` : undefined}
      onKeyDown={onKeyDown}
      className="group rounded-sm"
      style={box}
    >
      {Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index).map((line) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div key={line} role="row" aria-rowindex={line + 1} className="flex" style={{ height: cell }}>
          {Array.from({ length: Math.min(columns, count - line * columns) }, (_, column) => line * columns + column).map((number) => (
            <Cell
              key={number}
              id={`${id}-${number}`}
              number={number}
              one={known.get(number)}
              chosen={number === chosen}
              focused={number === focused}
              onPick={(one) => {
                onFocus(number)
                onPick(one.iteration)
              }}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

function Cell({
  id,
  number,
  one,
  chosen,
  focused,
  onPick,
}: {
  id: string
  number: number
  one: Iteration | undefined
  chosen: boolean
  focused: boolean
  onPick: (one: Iteration) => void
}) {
  const t = useTranslations('run.loop')
  const look = one && looks[one.look]
  const Icon = look?.icon
  const label = one
    ? t('cell', { number: number + 1, look: t(`look.${one.look}`), span: spanInWords(one.durationUs / 1000), tries: one.tries })
    : t('notBegun', { number: number + 1 })
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the grid around it has the focus
    // biome-ignore lint/a11y/useSemanticElements: as the grid
    <div
      id={id}
      role="gridcell"
      aria-selected={chosen}
      aria-label={label}
      title={label}
      data-iteration={one?.iteration}
      data-look={one?.look ?? 'idle'}
      onClick={() => one && onPick(one)}
      className={cn('grid place-items-center', one && 'cursor-pointer')}
      style={{ width: cell, height: cell }}
    >
      <span
        className={cn(
          'grid size-4 place-items-center rounded-[3px] border',
          look?.style ?? 'border-border',
          chosen && 'ring-2 ring-accent',
          focused && 'group-focus-visible:outline-2 group-focus-visible:outline-offset-1 group-focus-visible:outline-accent',
        )}
      >
        {Icon && <Icon aria-hidden className="size-3" />}
      </span>
    </div>
  )
}

/** As many as fit side by side. */
function useColumns(grid: React.RefObject<HTMLDivElement | null>) {
  const [columns, setColumns] = useState(18)
  useEffect(() => {
    const element = grid.current
    if (!element) return
    const measure = () => {
      if (element.clientWidth > 0) setColumns(Math.max(5, Math.floor(element.clientWidth / cell)))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [grid])
  return columns
}
