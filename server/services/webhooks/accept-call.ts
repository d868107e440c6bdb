import { createHash } from 'node:crypto'
import { acceptDeliveries, deliveryText } from '@/db/definer'
import { newId } from '@/db/ids'
import type { Json } from '@/workflows/graph/schema'
import type { WebhookTrigger } from './find-trigger'

interface Call {
  /** JSON of the call as the database's function takes it. */
  text: string
  runId: string
  key: string | null
  resolve(answer: AcceptedCall): void
  reject(error: unknown): void
}
/** `changed`: the token no longer leads to what was known of it, and nothing happened. */
export type AcceptedCall = { runId: string; duplicate: boolean } | 'changed'

const mostCalls = 64
const mostCharacters = 2_000_000
const gatherMs = 2
let pending: Call[] = []
let sending = false
let lastCalls = 0

/**
 * Commits a call as a run, under the id that was chosen for it, together with the calls that came while the statement before was under way. Once this
 * resolves, nothing of it is lost.
 */
export function acceptCall(
  trigger: WebhookTrigger,
  versionId: string,
  call: { runId?: string; data: Json; deliveryId: string | null },
): Promise<AcceptedCall> {
  const { runId = newId('run'), data, deliveryId } = call
  const keyHash = deliveryId === null ? null : createHash('sha256').update(deliveryId).digest('hex')
  const text = deliveryText({ tokenHash: trigger.tokenHash, versionId, runId, data, keyHash })
  return new Promise((resolve, reject) => {
    pending.push({ text, runId, key: keyHash && `${trigger.tokenHash} ${keyHash}`, resolve, reject })
    void send()
  })
}

async function send(): Promise<void> {
  if (sending) return
  sending = true
  while (pending.length > 0) {
    // Calls of the same turn of the loop go together; where calls come side by side, those of the next moment too: most of what a
    // statement costs, it costs once.
    await new Promise((resolve) => (lastCalls > 1 ? setTimeout(resolve, gatherMs) : setImmediate(resolve)))
    const batch = takeBatch()
    lastCalls = batch.length
    try {
      answer(batch, await acceptDeliveries(batch.map(({ text }) => text)))
    } catch (error) {
      await oneByOne(batch, error)
    }
  }
  sending = false
}

/** In order, without two of the same delivery. */
function takeBatch(): Call[] {
  const batch: Call[] = []
  const later: Call[] = []
  const keys = new Set<string>()
  let characters = 0
  for (const call of pending) {
    const fits = batch.length === 0 || (batch.length < mostCalls && characters + call.text.length <= mostCharacters)
    if (!fits || (call.key !== null && keys.has(call.key))) {
      later.push(call)
      continue
    }
    if (call.key !== null) keys.add(call.key)
    characters += call.text.length
    batch.push(call)
  }
  pending = later
  return batch
}

/** What one call made fail must not fail the others. */
async function oneByOne(batch: readonly Call[], error: unknown): Promise<void> {
  if (batch.length === 1) {
    batch[0]?.reject(error)
    return
  }
  for (const call of batch) {
    try {
      answer([call], await acceptDeliveries([call.text]))
    } catch (own) {
      call.reject(own)
    }
  }
}

function answer(batch: readonly Call[], accepted: ReadonlyMap<string, string>): void {
  for (const { runId, resolve } of batch) {
    const id = accepted.get(runId)
    resolve(id === undefined ? 'changed' : { runId: id, duplicate: id !== runId })
  }
}
