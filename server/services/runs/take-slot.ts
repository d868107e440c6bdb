import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { ServiceError } from '@/server/services/service-error'
import { compileParams } from '@/workflows/graph/expressions'
import type { Json } from '@/workflows/graph/schema'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'

export interface Slot {
  outcome: 'free' | 'queued' | 'skipped'
  key: string | null
  limit: number | null
  supersedes: boolean
}

export const slotStates = {
  free: { status: 'accepted', state: 'accepted' },
  // Held as a wait that nothing but a free slot ends.
  queued: { status: 'waiting', state: 'waiting' },
  skipped: { status: 'cancelled', state: 'accepted' },
} as const satisfies Record<Slot['outcome'], { status: string; state: string }>

export const waitingForSlot = JSON.stringify({ kind: 'slot', path: null, dueAt: null })

/** Whether one more run of its key may start now, and what becomes of it where it may not. The key stays locked until the commit. */
export async function takeSlot(
  tx: Transaction,
  run: { organizationId: string; workflowId: string; input: Json },
  settings: WorkflowSettings | null,
): Promise<Slot> {
  const concurrency = settings?.concurrency
  if (!concurrency) return { outcome: 'free', key: null, limit: null, supersedes: false }
  const { limit, whenFull } = concurrency
  const supersedes = whenFull === 'cancel_older'
  const key = keyOf(run, concurrency.key)
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`millrace:limit:${key}`}, 0))`)
  const [found] = await tx.execute<{ held: number; waiting: number }>(sql`
    select (count(*) filter (where has_slot))::integer as held, (count(*) filter (where not has_slot and cancel_at is null))::integer as waiting
      from live_runs where organization_id = ${toUuid(run.organizationId, 'org')} and limit_key = ${key}`)
  const { held = 0, waiting = 0 } = found ?? {}
  // Nobody overtakes those that wait already.
  if (held < limit && waiting === 0) return { outcome: 'free', key, limit, supersedes }
  if (whenFull === 'skip') return { outcome: 'skipped', key, limit, supersedes }
  if (whenFull === 'refuse') {
    throw new ServiceError(
      'TOO_MANY_REQUESTS',
      `This workflow runs ${limit === 1 ? 'already' : `${limit} times already`}, and takes no more.`,
      {
        limit,
        retryAfterSeconds: 10,
        hint: 'Start it again when a run has ended.',
      },
    )
  }
  return { outcome: 'queued', key, limit, supersedes }
}

/**
 * Asks the older runs of the key to end for a newer one that is to start. Those that somebody writes to at this moment are left to the sweep: whoever
 * ends a run holds its row and waits for the key.
 */
export async function cancelOlder(tx: Transaction, organizationId: string, key: string): Promise<void> {
  await tx.execute(sql`
    update live_runs set cancel_at = clock_timestamp(), cancel_reason = 'A newer run took its place.', wake_seq = wake_seq + 1
      where run_id = any (array(
        select run_id from live_runs where organization_id = ${toUuid(organizationId, 'org')} and limit_key = ${key} and cancel_at is null
          for no key update skip locked))`)
}

/** Runs whose key cannot be worked out count together. */
export function keyOf(run: { workflowId: string; input: Json }, key: string): string {
  const workflow = toUuid(run.workflowId, 'wf')
  if (key.trim() === '') return workflow
  let value: Json = null
  try {
    const scope = { input: run.input, trigger: run.input, steps: {}, vars: {}, run: null, now: new Date() }
    value = compileParams({ key }).params.evaluate(scope).key as Json
  } catch {
    value = null
  }
  return `${workflow}:${createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex')
    .slice(0, 32)}`
}
