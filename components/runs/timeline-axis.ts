import { durationInWords } from '@/workflows/nodes/flow-wait/duration-in-words'
import type { RunDetail, StepItem, StepRow } from './run-model'

export interface Axis {
  start: Date
  /** Percent from the left; the last tick is the end. */
  ticks: { at: number; label: string }[]
  /** Where now is; null when it is not on the axis. */
  now: number | null
  at(time: Date): number
  place(step: StepItem, now: number): { left: number; width: number }
}

const ticks = 5
const steps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5, 36e5, 72e5, 18e6, 36e6, 864e5, 1728e5,
  432e6, 864e6,
]

/** Five equal parts, each of a round length; by order, each try takes the same room so that short steps can be seen beside long waits. */
export function axisOf(
  run: Pick<RunDetail, 'createdAt' | 'startedAt' | 'finishedAt'>,
  rows: readonly StepRow[],
  now: number,
  by: 'time' | 'order',
): Axis {
  if (by === 'order') return orderAxis(run, rows)
  const starts = rows.flatMap((row) => row.attempts.filter((step) => !step.reused).map((step) => step.startedAt.getTime()))
  const start = Math.min(...starts, (run.startedAt ?? run.createdAt).getTime())
  const ends = rows.flatMap((row) =>
    row.attempts.map((step) => Math.max(step.startedAt.getTime() + step.durationUs / 1000, step.retryAt?.getTime() ?? 0)),
  )
  const end = Math.max(start + 1, ...ends, run.finishedAt?.getTime() ?? now)
  // What comes after now needs room for its words.
  const wanted = (end - start) * (run.finishedAt ? 1 : 1.25)
  const part = steps.find((step) => step * ticks >= wanted) ?? Math.ceil(wanted / ticks)
  const whole = part * ticks
  const at = (time: number) => Math.max(0, Math.min(100, ((time - start) / whole) * 100))
  return {
    start: new Date(start),
    ticks: Array.from({ length: ticks + 1 }, (_, index) => ({ at: (index * 100) / ticks, label: durationInWords(part * index) })),
    now: run.finishedAt ? null : at(now),
    at: (time) => at(time.getTime()),
    place: (step, clock) => {
      const open = step.status === 'started' || step.status === 'waiting'
      const left = at(step.startedAt.getTime())
      return { left, width: Math.max(0, at(open && !run.finishedAt ? clock : step.startedAt.getTime() + step.durationUs / 1000) - left) }
    },
  }
}

function orderAxis(run: Pick<RunDetail, 'createdAt' | 'startedAt'>, rows: readonly StepRow[]): Axis {
  const tries = rows.flatMap((row) => row.attempts).sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime() || a.seq - b.seq)
  const index = new Map(tries.map((step, place) => [`${step.path}#${step.attempt}`, place]))
  const room = 100 / Math.max(5, tries.length + 1)
  return {
    start: run.startedAt ?? run.createdAt,
    ticks: [],
    now: null,
    at: () => 100 - room,
    place: (step) => ({ left: (index.get(`${step.path}#${step.attempt}`) ?? 0) * room, width: room * 0.9 }),
  }
}
