import { openInspector } from './inspector'

/** What is in use in the heaps of a process after everything else was collected, its threads' included, in MB. */
export async function liveMemoryOf(pid: number): Promise<number> {
  const { ask, on, close } = await openInspector(pid)
  let bytes = await collected(ask)
  const threads: string[] = []
  const waiting = new Map<string, (result: unknown) => void>()
  on('NodeWorker.attachedToWorker', ({ sessionId }) => threads.push(String(sessionId)))
  on('NodeWorker.receivedMessageFromWorker', ({ sessionId, message }) => {
    const { id, result } = JSON.parse(String(message)) as { id?: number; result?: unknown }
    if (id !== undefined) waiting.get(`${String(sessionId)} ${id}`)?.(result)
  })
  await ask('NodeWorker.enable', { waitForDebuggerOnStart: false })
  for (const sessionId of threads) {
    let last = 0
    bytes += await collected((method) => {
      last += 1
      const id = last
      void ask('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method, params: {} }) })
      return new Promise((resolve) => {
        waiting.set(`${sessionId} ${id}`, resolve as (result: unknown) => void)
      })
    })
  }
  await ask('NodeWorker.disable')
  close()
  return bytes / 1024 / 1024
}

async function collected(ask: <T>(method: string) => Promise<T>): Promise<number> {
  await ask('HeapProfiler.collectGarbage')
  const { usedSize } = await ask<{ usedSize: number }>('Runtime.getHeapUsage')
  return usedSize
}
