import { hub } from './hub'

/** Looks again whenever one of the things is named by a notification, and every second, until it is done or the time is over. */
export async function waitForChange<T>(wait: {
  organizationId: string
  ids: readonly string[]
  ms: number
  signal?: AbortSignal | undefined
  look: () => Promise<T>
  isDone: (value: T) => boolean
}): Promise<T> {
  const ends = Date.now() + wait.ms
  let wake = () => {}
  let named = false
  const stop = hub().subscribe(wait.organizationId, (event) => {
    if (!event.ids.some((id) => wait.ids.includes(id))) return
    named = true
    wake()
  })
  const abort = () => wake()
  wait.signal?.addEventListener('abort', abort)
  try {
    for (;;) {
      named = false
      const value = await wait.look()
      const left = ends - Date.now()
      if (wait.isDone(value) || left <= 0 || wait.signal?.aborted) return value
      if (named) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(1000, left))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  } finally {
    stop()
    wait.signal?.removeEventListener('abort', abort)
  }
}
