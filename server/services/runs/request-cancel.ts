import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { newUuid, toUuid } from '@/db/ids'
import type { RunStatus } from '@/db/schema/runs'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { nudgeRun } from '@/server/temporal/nudge'
import type { cancelRunInput } from './contract'
import { requireRun } from './require-run'

/** Asks the run to end; whoever holds it hears with its next write or renewal. A run that ended already answers as it is. */
export async function requestCancel(caller: Caller, input: z.infer<typeof cancelRunInput>): Promise<{ runId: string; status: RunStatus }> {
  const { organizationId } = caller
  const { status, asked } = await inOrganization(organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.cancel')
    const changed = await tx.execute(sql`
      update live_runs set cancel_at = clock_timestamp(), cancel_reason = ${input.reason ?? null}, wake_seq = wake_seq + 1
        where run_id = ${toUuid(run.id, 'run')} and organization_id = ${toUuid(organizationId, 'org')} and cancel_at is null returning 1`)
    if (changed.length === 0) {
      // It may have ended while this waited for whoever ended it.
      const now = await requireRun(tx, caller, input.runId, 'run.cancel')
      return { status: now.status, asked: now.finishedAt === null }
    }
    await tx.execute(sql`insert into run_events (organization_id, run_id, id, kind, actor_id, detail)
      values (${toUuid(organizationId, 'org')}, ${toUuid(run.id, 'run')}, ${newUuid()}, 'cancel_asked', ${caller.userId},
        ${JSON.stringify(input.reason ? { reason: input.reason } : {})}::text::jsonb)`)
    await announce(tx, organizationId, 'run', [run.id])
    if (run.trigger === 'test') await announce(tx, organizationId, 'test_data', [run.workflowId])
    await recordAudit(tx, {
      by: caller,
      action: 'run.cancel',
      target: { kind: 'run', id: run.id },
      detail: { workflowId: run.workflowId, ...(input.reason ? { reason: input.reason } : {}) },
    })
    return { status: run.status, asked: true }
  })
  if (asked) await nudgeRun(input.runId)
  return { runId: input.runId, status }
}
