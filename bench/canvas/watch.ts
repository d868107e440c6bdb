/** Runs in the page before anything else: notes when the canvas is ready, long tasks, and what React draws. */
export function watch() {
  const seen = { readyAt: 0, longTasks: [] as number[], keys: [] as Key[], drawn: new Map<string, number>() }
  Object.assign(window, { seen })
  const isReady = () => document.querySelector('[data-testid="canvas"][data-ready="true"]') !== null
  const observer = new MutationObserver(() => {
    if (!isReady()) return
    observer.disconnect()
    // Two frames later what was drawn is on the screen and the next input is answered.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        seen.readyAt = performance.now()
      }),
    )
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-ready'] })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.longTasks.push(entry.duration)
  }).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceEventTiming[]) {
      const { startTime, processingStart, processingEnd, duration } = entry
      if (entry.name !== 'keydown') continue
      const at = startTime + duration
      seen.keys.push({
        atMs: startTime,
        wholeMs: duration,
        waitedMs: processingStart - startTime,
        handledMs: processingEnd - processingStart,
        shownMs: at - processingEnd,
      })
    }
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)

  interface Fiber {
    flags: number
    tag: number
    type: unknown
    alternate: Fiber | null
    child: Fiber | null
    sibling: Fiber | null
    memoizedProps: { id?: unknown; data?: { view?: unknown } } | null
  }
  const performedWork = 1
  const component = 0
  const simpleMemo = 15
  const walk = (fiber: Fiber) => {
    const { id, data } = fiber.memoizedProps ?? {}
    const isCard = (fiber.tag === component || fiber.tag === simpleMemo) && typeof id === 'string' && data?.view !== undefined
    if (isCard && (fiber.alternate === null || (fiber.flags & performedWork) !== 0)) seen.drawn.set(id, (seen.drawn.get(id) ?? 0) + 1)
    if (fiber.alternate !== null && fiber.child === fiber.alternate.child) return
    for (let child = fiber.child; child; child = child.sibling) if (child.alternate === null || child !== child.alternate) walk(child)
  }
  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      renderers: new Map(),
      inject: () => 1,
      onScheduleFiberRoot: () => {},
      onCommitFiberRoot: (_id: number, root: { current: Fiber }) => walk(root.current),
      onCommitFiberUnmount: () => {},
      onPostCommitFiberRoot: () => {},
    },
  })
}

/** A key from its event to the next picture: until it was taken up, while it was handled, until it showed. */
export interface Key {
  atMs: number
  wholeMs: number
  waitedMs: number
  handledMs: number
  shownMs: number
}

export interface Seen {
  readyAt: number
  longTasks: number[]
  keys: Key[]
  drawn: Map<string, number>
}

declare global {
  interface Window {
    seen: Seen
  }
}
