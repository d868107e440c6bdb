export interface Inspector {
  ask<T>(method: string, params?: object): Promise<T>
  /** Hears what is told without being asked. */
  on(method: string, listener: (params: Record<string, unknown>) => void): void
  close(): void
}

/** Node opens its inspector when it gets SIGUSR1. */
export async function openInspector(pid: number): Promise<Inspector> {
  process.kill(pid, 'SIGUSR1')
  const socket = new WebSocket(await inspectorUrl())
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('The inspector of the process does not answer.'))
  })
  const waiting = new Map<number, (result: unknown) => void>()
  const listeners = new Map<string, (params: Record<string, unknown>) => void>()
  socket.onmessage = ({ data }) => {
    const { id, result, method, params } = JSON.parse(String(data)) as {
      id?: number
      result?: unknown
      method?: string
      params?: Record<string, unknown>
    }
    if (id !== undefined) waiting.get(id)?.(result)
    else if (method !== undefined) listeners.get(method)?.(params ?? {})
  }
  let last = 0
  return {
    ask: <T>(method: string, params: object = {}): Promise<T> =>
      new Promise((resolve) => {
        last += 1
        waiting.set(last, resolve as (result: unknown) => void)
        socket.send(JSON.stringify({ id: last, method, params }))
      }),
    on: (method, listener) => listeners.set(method, listener),
    close: () => socket.close(),
  }
}

async function inspectorUrl(): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      const [target] = (await (await fetch('http://127.0.0.1:9229/json')).json()) as { webSocketDebuggerUrl: string }[]
      if (target) return target.webSocketDebuggerUrl
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  throw new Error('The process opened no inspector on port 9229. Stop whatever else has that port.')
}
