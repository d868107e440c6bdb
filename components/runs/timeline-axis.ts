import { spokenLocale } from '@/workflows/words/spoken'
import type { RunDetail, StepItem, StepRow } from './run-model'

/** A part of the axis, in its own unit: milliseconds from the start, or tries. */
export interface View {
  from: number
  to: number
}

export interface Axis {
  by: 'time' | 'order'
  start: Date
  /** The length of everything. */
  whole: number
  /** What is seen of it. */
  view: View
  /** Percent from the left of what is seen. */
  ticks: { at: number; label: string }[]
  /** Where now is; null when it is not on the axis. */
  now: number | null
  at(time: Date): number
  place(step: StepItem, now: number): { left: number; width: number }
  /** Where a step lies on the whole axis. */
  spanOf(row: StepRow, now: number): View
}

/** Marks are a round length apart, and no more of them than have room for their words. */
const marks = 6
const roundSpans = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5, 36e5, 72e5, 18e6, 36e6, 864e5, 1728e5,
  432e6, 864e6,
]
const isOpen = ({ status }: StepItem) => status === 'started' || status === 'waiting'
const lengthOf = ({ durationUs }: StepItem) => durationUs / 1000

interface AxisRun {
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

/**
 * As long as the run with marks at round times; by order, each try takes the same room so that short steps can be seen beside long waits.
 * With a view, only that part of it.
 */
export function axisOf(
  run: Pick<RunDetail, keyof AxisRun>,
  rows: readonly StepRow[],
  now: number,
  by: 'time' | 'order',
  seen: View | null = null,
): Axis {
  return by === 'order' ? orderAxis(run, rows, seen) : timeAxis(run, rows, now, seen)
}

function timeAxis(run: AxisRun, rows: readonly StepRow[], now: number, seen: View | null): Axis {
  let start = (run.startedAt ?? run.createdAt).getTime()
  let end = run.finishedAt?.getTime() ?? now
  for (const { attempts } of rows) {
    for (const step of attempts) {
      const began = step.startedAt.getTime()
      if (!step.reused) start = Math.min(start, began, step.waited?.since.getTime() ?? began)
      // A wait may last for weeks: its end is said in words, only the next try is a place on the axis.
      end = Math.max(end, began + lengthOf(step), (step.status === 'failed' && step.retryAt?.getTime()) || 0)
    }
  }
  end = Math.max(start + 1, end)
  // What is over ends a little before the border, where a short last step can still be seen; what comes after now needs room for its
  // words: a run that goes on reaches the next mark, so that not everything moves with each second.
  const ahead = (end - start) * 1.25
  const whole = run.finishedAt ? (end - start) * 1.01 : Math.ceil(ahead / markOf(ahead)) * markOf(ahead)
  const view = seen ?? { from: 0, to: whole }
  const percent = (offset: number) => ((offset - view.from) / (view.to - view.from)) * 100
  const at = (time: number) => percent(time - start)
  return {
    by: 'time',
    start: new Date(start),
    whole,
    view,
    ticks: ticksOf(view).map((offset) => ({
      at: percent(offset),
      label: offsetInWords(offset, (view.to - view.from) / 10),
    })),
    now: run.finishedAt ? null : at(now),
    at: (time) => at(time.getTime()),
    place: (step, clock) => {
      const left = at(Math.max(start, step.startedAt.getTime()))
      return { left, width: Math.max(0, at(isOpen(step) && !run.finishedAt ? clock : step.startedAt.getTime() + lengthOf(step)) - left) }
    },
    spanOf: ({ attempts }, clock) => {
      const from = Math.max(start, Math.min(...attempts.map((step) => step.startedAt.getTime())))
      const to = Math.max(from, ...attempts.map((step) => (isOpen(step) ? clock : step.startedAt.getTime() + lengthOf(step))))
      return { from: from - start, to: to - start }
    },
  }
}

/** `1 h 5 min`, `2.25 s`, `40 ms`: as exact as two places that lie `apart` have to be to be told apart. */
export function offsetInWords(ms: number, apart: number): string {
  const digits = Math.max(0, Math.min(4, Math.ceil(-Math.log10(apart / (ms < 1_000 ? 1 : 1_000)))))
  const number = (value: number) => value.toLocaleString(spokenLocale(), { maximumFractionDigits: digits, useGrouping: false })
  if (ms < 1_000) return `${number(ms)} ms`
  const days = Math.floor(ms / 864e5)
  const hours = Math.floor((ms % 864e5) / 36e5)
  const minutes = Math.floor((ms % 36e5) / 6e4)
  const seconds = (ms % 6e4) / 1_000
  const words = [
    days && `${days} d`,
    hours && `${hours} h`,
    minutes && `${minutes} min`,
    Number(seconds.toFixed(digits)) && `${number(seconds)} s`,
  ]
  return words.filter(Boolean).join(' ')
}

const markOf = (length: number) => roundSpans.find((span) => length / span <= marks) ?? Math.ceil(length / marks)

/** Round places in what is seen. */
function ticksOf(view: View): number[] {
  const part = markOf(view.to - view.from)
  const first = Math.ceil(view.from / part)
  const last = Math.floor(view.to / part + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * part)
}

function orderAxis(run: AxisRun, rows: readonly StepRow[], seen: View | null): Axis {
  const tries = rows.flatMap((row) => row.attempts).sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime() || a.seq - b.seq)
  const index = new Map(tries.map((step, place) => [keyOf(step), place]))
  const whole = Math.max(5, tries.length + 1)
  const view = seen ?? { from: 0, to: whole }
  const room = 100 / (view.to - view.from)
  const placeOf = (step: StepItem) => index.get(keyOf(step)) ?? 0
  return {
    by: 'order',
    start: run.startedAt ?? run.createdAt,
    whole,
    view,
    ticks: [],
    now: null,
    at: () => (whole - 1 - view.from) * room,
    place: (step) => ({ left: (placeOf(step) - view.from) * room, width: room * 0.9 }),
    spanOf: ({ attempts }) => ({ from: Math.min(...attempts.map(placeOf)), to: Math.max(...attempts.map(placeOf)) + 1 }),
  }
}

const keyOf = (step: StepItem) => `${step.path}#${step.attempt}`
