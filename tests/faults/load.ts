import type { Graph, Json } from '@/workflows/graph/schema'
import type { Signed } from '../support/owner'
import { graphOf, idOf } from '../support/plan-of'

/** What comes all the time. */
const steady = ['plain', 'quick', 'once'] as const
/** Large loops: sent only by the fault that is about them. */
export const loops = ['loop', 'loop-once'] as const
type Loop = (typeof loops)[number]
export type Kind = (typeof steady)[number] | Loop

export const isLoop = (kind: Kind): kind is Loop => loops.some((one) => one === kind)
/** As many as two workers share. */
export const loopItems = 1_000

/** What the generator of load knows of one delivery. */
export interface Delivery {
  id: string
  number: number
  workflow: Kind
  sentAt: number
  /** Set once an answer of 2xx came. */
  runId: string | null
  /** What its copies were told. */
  told: Set<string>
  tries: number
}

export interface Shapes {
  urls: Record<Kind, string>
  workflowIds: string[]
}

/**
 * Three workflows: one that calls, waits and calls again; one that only calls; one whose second call happens at most once. And two whose
 * loops call for each item of a large list, one of them at most once. `name` keeps their requests apart from those of other shapes.
 */
export async function publishShapes(owner: Signed, providerUrl: string, name: string): Promise<Shapes> {
  const call = (path: string, settings: Record<string, unknown> = {}, body: Record<string, Json> = {}) => ({
    type: 'http.request',
    params: {
      method: 'POST',
      url: `${providerUrl}/${name}/${path}`,
      bodyMode: 'json',
      bodyJson: { number: '{{ trigger.body.number }}', ...body },
    },
    settings: { retry: { attempts: 20, backoff: 'fixed', delayMs: 500, on: ['any'] }, timeoutMs: 4_000, ...settings },
  })
  const ofItem = (path: string, settings: Record<string, unknown> = {}) => ({
    ...call(path, settings, { item: '{{ item }}' }),
    parent: 'loop',
  })
  const loop = (params: Record<string, Json> = {}) => ({
    type: 'flow.for_each',
    params: { items: '{{ trigger.body.items }}', concurrency: 24, ...params },
  })
  const items = (fields: Record<string, string>) => ({
    type: 'data.set',
    params: {
      fields: Object.entries({ number: '{{ trigger.body.number }}', ...fields }).map(([field, value]) => ({ name: field, value })),
      keep: 'only-set',
    },
  })
  const end = {
    type: 'data.set',
    params: {
      fields: [
        { name: 'number', value: '{{ trigger.body.number }}' },
        { name: 'first', value: `{{ steps.$${idOf('first')}.body.number }}` },
      ],
    },
  }
  const start = { type: 'trigger.webhook' }
  const wait = { type: 'flow.wait', params: { mode: 'for', durationMs: 800 } }
  const graphs: Record<Kind, Graph> = {
    plain: graphOf('start -> first -> wait -> second -> end', {
      start,
      first: call('plain-first'),
      wait,
      second: call('plain-second'),
      end,
    }),
    quick: graphOf('start -> first -> end', { start, first: call('quick'), end }),
    once: graphOf('start -> first -> once -> end', {
      start,
      first: call('once-first'),
      once: call('once', { atMostOnce: true }),
      end,
    }),
    loop: graphOf('start -> loop -> end', {
      start,
      loop: loop(),
      work: ofItem('loop'),
      end: items({ items: '{{ input.map(one => one.body.item) }}' }),
    }),
    'loop-once': graphOf('start -> loop -> end', {
      start,
      loop: loop({ onItemError: 'collect' }),
      once: ofItem('loop-once', { atMostOnce: true }),
      end: items({
        items: '{{ input.results.map(one => one.body.item) }}',
        open: '{{ input.errors.map(one => ({ item: one.item, code: one.error.code })) }}',
      }),
    }),
  }
  const made = await Promise.all(
    (Object.keys(graphs) as Kind[]).map(async (kind) => {
      const { workflowId } = await owner.api.workflows.create.mutate({ name: `${name} ${kind}`, graph: graphs[kind] as unknown as Json })
      await owner.api.workflows.publish.mutate({ workflowId, note: '' })
      const { webhooks } = await owner.api.workflows.get.query({ workflowId })
      const url = webhooks[0]?.url
      if (!url) throw new Error('the workflow has no webhook')
      return { kind, workflowId, url }
    }),
  )
  return {
    urls: Object.fromEntries(made.map(({ kind, url }) => [kind, url])) as Record<Kind, string>,
    workflowIds: made.map(({ workflowId }) => workflowId),
  }
}

export interface Load {
  accepted(): number
  /** Sends one of this kind now. */
  send(kind: Kind): Delivery
  /** Sends nothing new and waits until everything was accepted, or the time is over. */
  stop(patienceMs?: number): Promise<Delivery[]>
}

/**
 * Sends deliveries at a steady rate; one that was not answered 2xx is sent again with the same id, as senders of webhooks do. With
 * `copies` each is sent several times at once, each copy as late as it says, so that they overtake one another.
 */
export function startLoad(options: { urls: Shapes['urls']; perSecond: number; copies?: () => number[] }): Load {
  const { urls, perSecond, copies = () => [0] } = options
  const deliveries: Delivery[] = []
  const open = new Set<Promise<unknown>>()
  let stopped = false
  let givenUp = false

  async function deliver(delivery: Delivery, lateMs: number): Promise<void> {
    await rest(lateMs)
    while (!givenUp) {
      delivery.tries += 1
      const runId = await send(urls[delivery.workflow], delivery).catch(() => null)
      if (runId) {
        delivery.runId ??= runId
        delivery.told.add(runId)
        return
      }
      await rest(400)
    }
  }

  const begin = (workflow: Kind): Delivery => {
    const number = deliveries.length
    const delivery: Delivery = {
      id: `delivery-${number}`,
      number,
      workflow,
      sentAt: Date.now(),
      runId: null,
      told: new Set(),
      tries: 0,
    }
    deliveries.push(delivery)
    const work = Promise.all(copies().map((lateMs) => deliver(delivery, lateMs))).finally(() => open.delete(work))
    open.add(work)
    return delivery
  }

  let next = 0
  const timer = setInterval(() => {
    if (!stopped) begin((['plain', 'quick', 'once', 'plain', 'quick'] as const)[next++ % 5] as Kind)
  }, 1_000 / perSecond)

  return {
    accepted: () => deliveries.filter((delivery) => delivery.runId !== null).length,
    send: begin,
    async stop(patienceMs = 120_000) {
      stopped = true
      clearInterval(timer)
      const over = setTimeout(() => {
        givenUp = true
      }, patienceMs)
      await Promise.all(open)
      clearTimeout(over)
      return deliveries
    },
  }
}

async function send(url: string, delivery: Delivery): Promise<string | null> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'webhook-id': delivery.id },
    body: JSON.stringify({
      number: delivery.number,
      ...(isLoop(delivery.workflow) ? { items: Array.from({ length: loopItems }, (_, item) => item) } : {}),
    }),
    signal: AbortSignal.timeout(8_000),
  })
  const body = (await response.json().catch(() => null)) as { runId?: string } | null
  return response.ok ? (body?.runId ?? null) : null
}

function rest(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}
