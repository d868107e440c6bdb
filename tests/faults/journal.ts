import { appendFileSync, readFileSync } from 'node:fs'

/** What the generator of load knows: each delivery with how it was answered. Written before it goes on, so that a crash loses nothing. */
export interface Delivery {
  id: string
  number: number
  workflow: 'plain' | 'once'
  /** Set once an answer of 2xx came. */
  runId: string | null
  tries: number
}

export function appendLine(file: string, value: unknown): void {
  appendFileSync(file, `${JSON.stringify(value)}\n`)
}

export function readLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as T)
}

/** Sends deliveries at a steady rate; one that was not answered 2xx is sent again with the same id, as senders of webhooks do. */
export function startLoad(options: { urls: Record<Delivery['workflow'], string>; perSecond: number; journal: string }): {
  accepted(): number
  stop(): Promise<Delivery[]>
} {
  const { urls, perSecond, journal } = options
  const deliveries: Delivery[] = []
  const open = new Set<Promise<void>>()
  let stopped = false

  async function deliver(delivery: Delivery): Promise<void> {
    for (;;) {
      delivery.tries += 1
      const answer = await send(urls[delivery.workflow], delivery).catch(() => null)
      if (answer) {
        delivery.runId = answer
        appendLine(journal, delivery)
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
  }

  const timer = setInterval(() => {
    if (stopped) return
    const number = deliveries.length
    const delivery: Delivery = { id: `delivery-${number}`, number, workflow: number % 5 === 4 ? 'once' : 'plain', runId: null, tries: 0 }
    deliveries.push(delivery)
    const work = deliver(delivery).finally(() => open.delete(work))
    open.add(work)
  }, 1_000 / perSecond)

  return {
    accepted: () => deliveries.filter((delivery) => delivery.runId !== null).length,
    async stop() {
      stopped = true
      clearInterval(timer)
      await Promise.all(open)
      return deliveries
    },
  }
}

async function send(url: string, delivery: Delivery): Promise<string | null> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'webhook-id': delivery.id },
    body: JSON.stringify({ number: delivery.number }),
    signal: AbortSignal.timeout(8_000),
  })
  const body = (await response.json().catch(() => null)) as { runId?: string } | null
  return response.ok ? (body?.runId ?? null) : null
}
