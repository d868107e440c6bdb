import { and, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import { runs } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { rowsOf, timeFrom } from '@/server/services/rows'
import { logsFrom } from '@/server/services/runs/logs-from'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import type { draftLogs, draftLogsInput } from './contract'

/** Newest tests that are looked through for the one that ran the step. */
const testsAtMost = 20

/** What a step of the draft wrote when it gave its result, as the newest test that ran it keeps it, or the newest run. */
export function getDraftLogs(
  caller: Caller,
  { workflowId, nodeId, source }: z.infer<typeof draftLogsInput>,
): Promise<z.infer<typeof draftLogs>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.read')
    requirePermission(caller, 'run.payload', workflow.projectId)
    const isTest = source === 'test'
    const newest = await tx
      .select({ id: runs.id })
      .from(runs)
      .where(
        and(
          eq(runs.organizationId, caller.organizationId),
          eq(runs.workflowId, workflowId),
          isTest ? sql`trigger = 'test'` : sql`trigger <> 'test'`,
        ),
      )
      .orderBy(desc(runs.id))
      .limit(isTest ? testsAtMost : 1)
    if (newest.length === 0) return { startedAt: null, logs: [] }
    const ids = sql.join(
      newest.map((run) => sql`${toUuid(run.id, 'run')}::uuid`),
      sql`, `,
    )
    // What a test took as known stands before its first step.
    const [row] = await rowsOf(
      tx,
      sql`select started_at, logs from run_steps where organization_id = ${toUuid(caller.organizationId, 'org')} and run_id in (${ids})
        and path = ${nodeId} and seq >= 0 and attempt > 0 and status in ('succeeded', 'failed') order by run_id desc, attempt desc limit 1`,
    )
    return row ? { startedAt: timeFrom(row.started_at), logs: logsFrom(row.logs) } : { startedAt: null, logs: [] }
  })
}
