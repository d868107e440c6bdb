import { and, eq, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { workflowVersions } from '@/db/schema'
import { rowsOf, timeFrom } from '@/server/services/rows'
import type { Graph } from '@/workflows/graph/schema'
import { standsAsThen } from '@/workflows/graph/stands-as-then'
import { catalogue } from '@/workflows/nodes/catalogue'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import type { CancelledTest } from './contract'

/** The newest test of a draft, where somebody stopped it and the draft still leads to where it stood; null where it came to an end. */
export async function cancelledTest(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  graph: Graph,
): Promise<CancelledTest | null> {
  const org = toUuid(organizationId, 'org')
  const [newest] = await rowsOf(
    tx,
    sql`select r.id, r.version_id, r.status = 'cancelled' or l.cancel_at is not null as stopped, coalesce(r.finished_at, l.cancel_at) as at
      from runs r left join live_runs l on l.organization_id = r.organization_id and l.run_id = r.id
      where r.organization_id = ${org} and r.workflow_id = ${toUuid(workflowId, 'wf')} and r.trigger = 'test' order by r.id desc limit 1`,
  )
  if (newest?.stopped !== true) return null
  const ofRun = sql`organization_id = ${org} and run_id = ${String(newest.id)}::uuid`
  // What a test took as known stands before its first step, and where it began to hold has no path.
  const rows = await rowsOf(
    tx,
    sql`select path, true as under_way from run_waits
        where ${ofRun} and kind = 'break' and path <> '' and (settled_at is null or settled_by = 'end')
      union all select path, status <> 'succeeded' as under_way from run_steps where ${ofRun} and seq >= 0 and attempt > 0
        and (status in ('succeeded', 'started', 'waiting') or status = 'failed' and error ->> 'class' = 'cancelled') limit 10000`,
  )
  const at = new Set(rows.filter((row) => row.under_way === true).map((row) => nodeIdOf(String(row.path))))
  const ran = new Set(rows.map((row) => nodeIdOf(String(row.path))).filter((id) => !at.has(id)))
  const [version] = await tx
    .select({ graph: workflowVersions.graph })
    .from(workflowVersions)
    .where(and(eq(workflowVersions.organizationId, organizationId), eq(workflowVersions.id, fromUuid('ver', String(newest.version_id)))))
  const then = version?.graph
  const stands = (id: string) => then !== undefined && standsAsThen(then, graph, id, catalogue)
  return { runId: fromUuid('run', String(newest.id)), when: timeFrom(newest.at), at: [...at].filter(stands), ran: [...ran].filter(stands) }
}
