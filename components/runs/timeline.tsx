'use client'

import { ChevronDown, ChevronUp, Maximize2, ZoomIn, ZoomOut } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useVirtualRows } from '@/components/data-view/use-virtual-rows'
import { cn } from '@/components/ui/cn'
import { formatClock } from '@/components/ui/format'
import { IconButton } from '@/components/ui/icon-button'
import { Segmented } from '@/components/ui/segmented'
import { useNow, useTimeZone } from '@/components/ui/time-zone'
import { usePhone } from '@/components/ui/use-phone'
import { isLive, type RunDetail, type StepRow } from './run-model'
import { type Axis, axisOf, offsetInWords } from './timeline-axis'
import { Lane, laneHeight } from './timeline-lane'
import { TimelineScroll } from './timeline-scroll'
import { around, bringInto, useTimelineView } from './timeline-view'

/** What stands left of the bars, and right of them. */
const names = 272
const margin = 16

/** When each step ran, each try a bar; the dotted line is waiting for the next. */
export function Timeline({
  run,
  rows,
  of,
  current,
  onChoose,
  onOpen,
}: {
  run: RunDetail
  rows: readonly StepRow[]
  /** How many steps there are in all. */
  of: number
  current: string | null
  onChoose: (path: string) => void
  /** Enter, or two clicks. */
  onOpen?: (row: StepRow) => void
}) {
  const t = useTranslations('run.timeline')
  const [by, setBy] = useState<'time' | 'order'>('time')
  const [open, setOpen] = useState(true)
  const { view, axis: known, zoom, move, show } = useTimelineView()
  const id = useId()
  const live = isLive(run)
  const now = useNow(live ? 1000 : 60_000)
  const axis = axisOf(run, rows, now, by, view)
  known.current = axis
  const inWords = (offset: number) => offsetInWords(offset, (axis.view.to - axis.view.from) / 100)
  return (
    <section
      aria-label={t('title')}
      className={cn('relative flex shrink-0 flex-col border-t bg-surface', open ? 'h-66 phone:h-auto' : 'h-9')}
    >
      <div className="flex h-9 shrink-0 items-center gap-3 border-b px-4">
        <h2 className="font-medium">{t('title')}</h2>
        <span className="num min-w-0 truncate text-12 text-text-3">
          {t('started', { count: rows.length, of: Math.max(of, rows.length) })}
        </span>
        <span className="flex-1" />
        {open && (
          <span className="flex items-center phone:hidden">
            <IconButton size="xs" label={t('zoomOut')} shortcut="-" disabled={!view} onClick={() => zoom(2)}>
              <ZoomOut />
            </IconButton>
            <IconButton size="xs" label={t('zoomIn')} shortcut="+" onClick={() => zoom(0.5)}>
              <ZoomIn />
            </IconButton>
            <IconButton size="xs" label={t('fit')} shortcut="0" disabled={!view} onClick={() => show(null)}>
              <Maximize2 />
            </IconButton>
          </span>
        )}
        <Segmented
          size="sm"
          aria-label={t('by')}
          value={by}
          onValueChange={(next) => {
            show(null)
            setBy(next)
          }}
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
        // Time goes from left to right in either direction of writing.
        <div dir="ltr" className="contents">
          <Ticks axis={axis} />
          {view && <TimelineScroll axis={axis} controls={id} onMove={show} style={{ marginLeft: names, marginRight: margin }} />}
          <Lanes
            id={id}
            rows={rows}
            axis={axis}
            now={now}
            live={live}
            current={current}
            onChoose={onChoose}
            onOpen={onOpen}
            zoom={zoom}
            move={move}
            show={show}
          />
          {live && axis.now !== null && axis.now >= 0 && axis.now <= 100 && (
            <div
              aria-hidden
              className="pointer-events-none absolute top-9 bottom-0 w-px bg-running-mark phone:hidden"
              style={{ left: `calc(${names}px + (100% - ${names + margin}px) * ${axis.now / 100})` }}
            >
              <span className="absolute top-1 left-0 -translate-x-1/2 rounded-sm bg-running px-[5px] text-11 font-medium text-surface">
                {t('now')}
              </span>
            </div>
          )}
          <p aria-live="polite" className="sr-only">
            {view && by === 'time' && t('seen', { from: inWords(view.from), to: inWords(view.to) })}
          </p>
        </div>
      )}
    </section>
  )
}

/** Percent of the axis around now that its flag and half a tick's label take. */
const flag = 6.5

function Ticks({ axis }: { axis: Axis }) {
  const timeZone = useTimeZone()
  const middleOf = ({ at }: Axis['ticks'][number]) => (at > 96 ? at - 3 : at > 2 ? at : at + 3)
  const isClear = (tick: Axis['ticks'][number]) => axis.now === null || Math.abs(middleOf(tick) - axis.now) >= flag
  return (
    <div aria-hidden className="grid h-6 shrink-0 grid-cols-[272px_1fr] pr-4 phone:hidden">
      <span />
      <div className="relative">
        {axis.ticks.filter(isClear).map((tick) => (
          <span
            key={tick.at}
            className={cn(
              'num absolute top-1 text-11 whitespace-nowrap text-text-3',
              tick.at > 96 ? '-translate-x-full' : tick.at > 2 && '-translate-x-1/2',
            )}
            style={{ left: `${tick.at}%` }}
          >
            {tick.at === 0 && axis.view.from === 0 ? formatClock(axis.start, { timeZone, seconds: true }) : tick.label}
          </span>
        ))}
      </div>
    </div>
  )
}

interface LanesProps {
  id: string
  rows: readonly StepRow[]
  axis: Axis
  now: number
  live: boolean
  current: string | null
  onChoose: (path: string) => void
  onOpen: ((row: StepRow) => void) | undefined
  zoom: (factor: number, at?: number) => void
  move: (share: number) => void
  show: (view: Axis['view'] | null) => void
}

/** One list to whoever walks it by keys; only the lanes in sight are drawn, however many there are. */
function Lanes({ id, rows, axis, now, live, current, onChoose, onOpen, zoom, move, show }: LanesProps) {
  const t = useTranslations('run.timeline')
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const height = usePhone() ? 44 : laneHeight
  const seen = useVirtualRows(list, { count: rows.length, rowHeight: height })
  const index = rows.findIndex((row) => row.path === current)
  useWheel(scroller, axis, zoom, move)
  const choose = (next: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))]
    if (!row) return
    onChoose(row.path)
    seen.show(rows.indexOf(row))
    const view = bringInto(axis, axis.spanOf(row, now))
    if (view) show(view)
  }
  const span = rows[index] && axis.spanOf(rows[index], now)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1)
    const middle = span && (span.from + span.to) / 2
    const acts: Record<string, () => void> = {
      ArrowDown: () => choose(index + 1),
      ArrowUp: () => choose(index - 1),
      PageDown: () => choose(index + page),
      PageUp: () => choose(index - page),
      Home: () => choose(0),
      End: () => choose(rows.length - 1),
      ArrowRight: () => move(0.2),
      ArrowLeft: () => move(-0.2),
      '+': () => zoom(0.5, middle),
      '=': () => zoom(0.5, middle),
      '-': () => zoom(2, middle),
      '0': () => show(null),
      z: () => span && show(around(axis, span)),
      Enter: () => rows[index] && onOpen?.(rows[index]),
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }
  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto pb-2 phone:overflow-visible">
      {rows.length === 0 && <p className="px-4 py-3 text-12 text-text-2">{live ? t('notYet') : t('none')}</p>}
      <div className="relative">
        <Grid axis={axis} />
        <div
          id={id}
          ref={list}
          role="listbox"
          aria-label={t('steps')}
          aria-description={t('keys')}
          tabIndex={rows.length > 0 ? 0 : undefined}
          aria-activedescendant={index >= seen.from && index < seen.to ? `${id}-${index}` : undefined}
          onKeyDown={onKeyDown}
          className="focus-inset relative"
          style={seen.box}
        >
          {rows.slice(seen.from, seen.to).map((row, place) => (
            <Lane
              key={row.path}
              id={`${id}-${seen.from + place}`}
              row={row}
              axis={axis}
              now={now}
              place={seen.from + place + 1}
              of={rows.length}
              chosen={row.path === current}
              onChoose={() => onChoose(row.path)}
              onOpen={onOpen && (() => onOpen(row))}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function Grid({ axis }: { axis: Axis }) {
  return (
    <div aria-hidden className="pointer-events-none absolute inset-y-0 phone:hidden" style={{ left: names, right: margin }}>
      {axis.ticks.map((tick) => (
        <i key={tick.at} className="absolute inset-y-0 w-px bg-(--chart-grid)" style={{ left: `${tick.at}%` }} />
      ))}
    </div>
  )
}

/** Ctrl with the wheel zooms at the pointer; the wheel's other way moves. React's own wheel listeners cannot keep the page from scrolling. */
function useWheel(
  scroller: React.RefObject<HTMLDivElement | null>,
  axis: Axis,
  zoom: (factor: number, at?: number) => void,
  move: (share: number) => void,
) {
  const latest = useRef({ axis, zoom, move })
  latest.current = { axis, zoom, move }
  useEffect(() => {
    const element = scroller.current
    const onWheel = (event: WheelEvent) => {
      if (!element) return
      const { axis, zoom, move } = latest.current
      const box = element.getBoundingClientRect()
      const width = element.clientWidth - names - margin
      const sideways = event.shiftKey ? event.deltaY : event.deltaX
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        const share = Math.max(0, Math.min(1, (event.clientX - box.left - names) / width))
        zoom(1.002 ** event.deltaY, axis.view.from + share * (axis.view.to - axis.view.from))
      } else if (Math.abs(sideways) > (event.shiftKey ? 0 : Math.abs(event.deltaY))) {
        event.preventDefault()
        move(sideways / width)
      }
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [scroller])
}
