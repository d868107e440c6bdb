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

let keyAt = Number.NEGATIVE_INFINITY
let listens = false

/** Acts once nobody has pressed a key for this long and the browser is idle: what is fetched and run then is felt in no letter. */
export function whenQuiet(act: () => void, quietMs: number): () => void {
  if (!listens) {
    listens = true
    const note = () => {
      keyAt = performance.now()
    }
    window.addEventListener('keydown', note, { capture: true, passive: true })
  }
  let stop = () => {}
  const wait = (ms: number) => {
    const timer = setTimeout(look, ms)
    stop = () => clearTimeout(timer)
  }
  const look = () => {
    const left = keyAt + quietMs - performance.now()
    if (left > 0) wait(left)
    else stop = whenIdle(() => (keyAt + quietMs > performance.now() ? look() : act()))
  }
  wait(quietMs)
  return () => stop()
}
