import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { newUuid, toUuid } from '@/db/ids'
import { announce } from '@/server/realtime/announce'
import { ServiceError } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'

export interface SettleWait {
  organizationId: string
  runId: string
  path: string
  attempt: number
  /** For an approval: `{ decision, comment, by: { id, name }, at }`. */
  result: Json
  /** Who did it, for the run's history. */
  actorId: string
}

/**
 * Ends a wait once: result and wake in the caller's transaction, `nudgeRun` after it committed. Throws CONFLICT "already decided" when
 * a person, the clock or the run's end was faster.
 */
export async function settleWait(tx: Transaction, wait: SettleWait): Promise<void> {
  const organization = toUuid(wait.organizationId, 'org')
  const run = toUuid(wait.runId, 'run')
  // The run before its wait, as everybody locks them.
  const [live] = await tx.execute(
    sql`select 1 from live_runs where run_id = ${run} and organization_id = ${organization} for no key update`,
  )
  const settled = await tx.execute(sql`
    update run_waits set settled_at = clock_timestamp(), settled_by = 'person', result = ${JSON.stringify(wait.result)}::text::jsonb
      where organization_id = ${organization} and run_id = ${run} and path = ${wait.path} and attempt = ${wait.attempt}::integer and settled_at is null
      returning 1`)
  if (!live || settled.length === 0) {
    throw new ServiceError('CONFLICT', 'This was already decided, or the run ended before.', { hint: 'Open the run to see what happened.' })
  }
  await tx.execute(sql`update live_runs set wake_seq = wake_seq + 1 where run_id = ${run}`)
  await tx.execute(sql`insert into run_events (organization_id, run_id, id, kind, actor_id, detail)
    values (${organization}, ${run}, ${newUuid()}, 'decided', ${wait.actorId}, ${JSON.stringify({ path: wait.path })}::text::jsonb)`)
  await announce(tx, wait.organizationId, 'run', [wait.runId])
}
