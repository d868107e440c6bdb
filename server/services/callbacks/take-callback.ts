import { and, eq, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { newUuid, toUuid } from '@/db/ids'
import { runs, runWaits } from '@/db/schema'
import { announce } from '@/server/realtime/announce'
import { notFound, ServiceError } from '@/server/services/service-error'
import { nudgeRun } from '@/server/temporal/nudge'
import type { Json } from '@/workflows/graph/schema'
import type { CallbackTarget } from './callback-token'

/**
 * Ends the wait of a callback step with what was sent, once; `nudgeRun` follows. A call that is faster than its run is kept for when the
 * step begins.
 */
export async function takeCallback(target: CallbackTarget, data: Json): Promise<void> {
  const { organizationId, runId, path } = target
  await inOrganization(organizationId, async (tx) => {
    const organization = toUuid(organizationId, 'org')
    const run = toUuid(runId, 'run')
    // The run before its wait, as everybody locks them.
    const [live] = await tx.execute(
      sql`select 1 from live_runs where run_id = ${run} and organization_id = ${organization} and cancel_at is null for no key update`,
    )
    if (!live) throw await whyNot(tx, target)
    const settled = await tx.execute(sql`
      insert into run_waits as w (organization_id, run_id, path, attempt, kind, settled_at, settled_by, result)
        values (${organization}, ${run}, ${path}, 1, 'callback', clock_timestamp(), 'callback', ${JSON.stringify(data)}::text::jsonb)
        on conflict (organization_id, run_id, path, attempt) do update
          set settled_at = excluded.settled_at, settled_by = excluded.settled_by, result = excluded.result
          where w.settled_at is null and w.kind = 'callback'
        returning 1`)
    if (settled.length === 0) throw await whyNot(tx, target)
    // A run that was never taken has nothing to load; this one has.
    await tx.execute(sql`update live_runs set wake_seq = wake_seq + 1, epoch = greatest(epoch, 1) where run_id = ${run}`)
    await tx.execute(sql`insert into run_events (organization_id, run_id, id, kind, detail)
      values (${organization}, ${run}, ${newUuid()}, 'callback', ${JSON.stringify({ path })}::text::jsonb)`)
    await announce(tx, organizationId, 'run', [runId])
  })
  await nudgeRun(runId)
}

async function whyNot(tx: Transaction, { organizationId, runId, path }: CallbackTarget): Promise<ServiceError> {
  const [wait] = await tx
    .select({ settledBy: runWaits.settledBy })
    .from(runWaits)
    .where(and(eq(runWaits.organizationId, organizationId), eq(runWaits.runId, runId), eq(runWaits.path, path), eq(runWaits.attempt, 1)))
  if (wait?.settledBy === 'callback') {
    return new ServiceError('CONFLICT', 'This address was called already, and it works once.', { hint: 'Nothing more is to be done.' })
  }
  if (wait?.settledBy === 'timer') {
    return new ServiceError('GONE', 'The time for this callback is over.', { hint: 'The run went on without it.' })
  }
  const [run] = await tx
    .select({ id: runs.id, finishedAt: runs.finishedAt })
    .from(runs)
    .where(and(eq(runs.organizationId, organizationId), eq(runs.id, runId)))
  if (!run) return notFound('callback')
  if (wait?.settledBy && !run.finishedAt) {
    return new ServiceError('GONE', 'Nothing waits for this callback any more.', { hint: 'The run went on without it.' })
  }
  return new ServiceError('GONE', 'The run that this callback belongs to ended.', { hint: 'It does not wait for it any more.' })
}
