import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { rowsOf, timeFrom, timeOrNull } from '@/server/services/rows'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import type { WaitingStep } from './contract'

/**
 * Where the newest test of a draft that waits does so now: for a person, a callback, a time or another run, however deep the steps stand.
 * Of a step that waits in several iterations: since the first began to, and until the last goes on.
 */
export async function waitingSteps(tx: Transaction, organizationId: string, workflowId: string): Promise<WaitingStep[]> {
  const rows = await rowsOf(
    tx,
    sql`select w.path, w.kind, w.created_at, w.due_at from run_waits w where w.organization_id = ${toUuid(organizationId, 'org')} and w.settled_at is null
      and w.kind not in ('break', 'retry') and w.run_id = (select r.id from runs r
        where r.organization_id = w.organization_id and r.workflow_id = ${toUuid(workflowId, 'wf')} and r.trigger = 'test' and r.status = 'waiting'
        order by r.id desc limit 1) order by w.created_at`,
  )
  const steps = new Map<string, WaitingStep>()
  for (const row of rows) {
    const nodeId = nodeIdOf(String(row.path))
    const dueAt = timeOrNull(row.due_at)
    const before = steps.get(nodeId)
    if (!before) steps.set(nodeId, { nodeId, kind: row.kind as WaitingStep['kind'], since: timeFrom(row.created_at), dueAt })
    else before.dueAt = before.dueAt && dueAt && (dueAt > before.dueAt ? dueAt : before.dueAt)
  }
  return [...steps.values()]
}

/** A wait that is longer is not watched to its end. */
const watchedSeconds = 25

/** Whether a run has nothing to do before somebody answers, or for long; what the runs wait for that it waits for counts too. */
export async function waitsForLong(tx: Transaction, organizationId: string, runId: string): Promise<boolean> {
  const run = toUuid(runId, 'run')
  const rows = await rowsOf(
    tx,
    sql`select from runs r join run_waits w on w.organization_id = r.organization_id and w.run_id = r.id and w.settled_at is null
        and (w.kind in ('approval', 'callback') or w.kind = 'time' and w.due_at > now() + make_interval(secs => ${watchedSeconds}))
      where r.organization_id = ${toUuid(organizationId, 'org')} and r.root_id = ${run} and r.status = 'waiting'
        and exists (select from runs root where root.organization_id = r.organization_id and root.id = ${run} and root.status = 'waiting')
      limit 1`,
  )
  return rows.length > 0
}

/** The paths at which a run waits now. */
export async function waitsOf(tx: Transaction, organizationId: string, runId: string): Promise<string[]> {
  const rows = await rowsOf(
    tx,
    sql`select w.path from run_waits w where w.organization_id = ${toUuid(organizationId, 'org')} and w.run_id = ${toUuid(runId, 'run')}
      and w.settled_at is null and w.kind not in ('break', 'retry') order by w.path`,
  )
  return rows.map((row) => String(row.path))
}

/** Another text whenever a step has ended, or the run has come to wait elsewhere. */
export async function progressOf(tx: Transaction, organizationId: string, runId: string): Promise<string> {
  const [row] = await rowsOf(
    tx,
    sql`select count(*) as ended from run_steps s where s.organization_id = ${toUuid(organizationId, 'org')} and s.run_id = ${toUuid(runId, 'run')}
      and position('/' in s.path) = 0 and s.status in ('succeeded', 'failed')`,
  )
  return [String(row?.ended), ...(await waitsOf(tx, organizationId, runId))].join()
}
