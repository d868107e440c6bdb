import { useCallback, useRef, useState } from 'react'
import type { Axis, View } from './timeline-axis'

/** Nothing is told apart below this: a fifth of a millisecond, or three tries. */
const least = { time: 0.2, order: 3 }

/** A part of the axis `factor` times as long that keeps what lies at `at` where it is; null is everything. */
export function zoomed(axis: Pick<Axis, 'view' | 'whole' | 'by'>, factor: number, at: number): View | null {
  const { view, whole } = axis
  const length = Math.max(Math.min(least[axis.by], whole), (view.to - view.from) * factor)
  if (length >= whole) return null
  const share = (at - view.from) / (view.to - view.from)
  return within({ from: at - length * share, to: at + length * (1 - share) }, whole)
}

export function moved({ view, whole }: Pick<Axis, 'view' | 'whole'>, by: number): View | null {
  if (view.to - view.from >= whole) return null
  return within({ from: view.from + by, to: view.to + by }, whole)
}

/** What shows a span in the middle, with some room at both sides. */
export function around(axis: Pick<Axis, 'view' | 'whole' | 'by'>, span: View): View | null {
  const length = Math.max(least[axis.by], (span.to - span.from) * 1.5)
  if (length >= axis.whole) return null
  const middle = (span.from + span.to) / 2
  return within({ from: middle - length / 2, to: middle + length / 2 }, axis.whole)
}

/** A view that shows the span at the zoom there is; null where it does already. */
export function bringInto({ view, whole }: Pick<Axis, 'view' | 'whole'>, span: View): View | null {
  if (span.from < view.to && span.to > view.from) return null
  const length = view.to - view.from
  const from = span.from - length * 0.1
  return within({ from, to: from + length }, whole)
}

function within({ from, to }: View, whole: number): View {
  const length = to - from
  const begin = Math.max(0, Math.min(whole - length, from))
  return { from: begin, to: begin + length }
}

/** Which part of the timeline is seen: null is everything, which grows while the run lives. */
export function useTimelineView() {
  const [view, setView] = useState<View | null>(null)
  const axis = useRef<Axis | null>(null)
  const change = useCallback((next: (axis: Axis) => View | null) => {
    if (axis.current) setView(next(axis.current))
  }, [])
  return {
    view,
    axis,
    zoom: useCallback(
      (factor: number, at?: number) => change((now) => zoomed(now, factor, at ?? (now.view.from + now.view.to) / 2)),
      [change],
    ),
    move: useCallback((share: number) => change((now) => moved(now, (now.view.to - now.view.from) * share)), [change]),
    show: setView,
  }
}
