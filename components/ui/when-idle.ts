const idleMs = 500

/** Acts when the browser has nothing else to do, or has had none of that for a while. Safari cannot say when it is idle. */
export function whenIdle(act: () => void): () => void {
  if (!window.requestIdleCallback) {
    const timer = setTimeout(act, idleMs)
    return () => clearTimeout(timer)
  }
  const handle = window.requestIdleCallback(act, { timeout: 4 * idleMs })
  return () => window.cancelIdleCallback(handle)
}
