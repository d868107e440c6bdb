import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

const overscan = 12
const settlesMs = 1_000
/** Before anything was measured, and where nothing can be. */
const windowAtFirst = 60

/**
 * Which rows of a long list can be seen in what scrolls it; only those are drawn. Rows are all equally high.
 * `box` is the style of what holds the rows: its height does not hang on how many are drawn, so that what scrolls it never falls back while they change.
 */
export function useVirtualRows(list: RefObject<HTMLElement | null>, { count, rowHeight }: { count: number; rowHeight: number }) {
  const [seen, setSeen] = useState({ from: 0, to: windowAtFirst })
  const measure = useCallback(() => {
    const element = list.current
    if (!element) return
    const frame = scrollerOf(element)
    const box = element.getBoundingClientRect()
    const { top, height } = frame ? frame.getBoundingClientRect() : { top: 0, height: window.innerHeight }
    if (height === 0) return
    const first = Math.floor((top - box.top) / rowHeight)
    const from = Math.max(0, first - overscan)
    // One row at least, also while the list stands below what is seen: the same measure has to give the same answer.
    const to = Math.max(from + 1, first + Math.ceil(height / rowHeight) + overscan)
    setSeen((before) => (before.from === from && before.to === to ? before : { from, to }))
  }, [list, rowHeight])
  const shown = useRef({ index: 0, until: 0 })
  const bring = useCallback(
    (index: number) => {
      const element = list.current
      const frame = element && scrollerOf(element)
      if (!element || !frame) return
      const top = element.getBoundingClientRect().top - frame.getBoundingClientRect().top + index * rowHeight
      if (top < 0 || top + rowHeight > frame.clientHeight) frame.scrollTop += top - frame.clientHeight / 2
      measure()
    },
    [list, rowHeight, measure],
  )
  // Not after each render: what is drawn would decide what is drawn.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another number of rows stands elsewhere
  useLayoutEffect(measure, [measure, count])
  useEffect(() => {
    const element = list.current
    const frame = element && scrollerOf(element)
    const target = frame ?? window
    target.addEventListener('scroll', measure, { passive: true })
    window.addEventListener('resize', measure)
    const resized = () => {
      if (performance.now() < shown.current.until) bring(shown.current.index)
      else measure()
    }
    const observer = frame ? new ResizeObserver(resized) : null
    if (frame) observer?.observe(frame)
    return () => {
      target.removeEventListener('scroll', measure)
      window.removeEventListener('resize', measure)
      observer?.disconnect()
    }
  }, [list, measure, bring])
  const to = Math.min(count, seen.to)
  const from = Math.min(seen.from, Math.max(0, to - 1))
  /** Brings a row into view, near the middle where it was out of sight; it stays so while what scrolls finds its height. */
  const show = useCallback(
    (index: number) => {
      shown.current = { index, until: performance.now() + settlesMs }
      bring(index)
    },
    [bring],
  )
  const box = { boxSizing: 'border-box', height: count * rowHeight, paddingTop: from * rowHeight } as const
  return { from, to, box, show }
}

function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let one = element.parentElement; one; one = one.parentElement) {
    if (/(auto|scroll)/.test(getComputedStyle(one).overflowY)) return one
  }
  return null
}
