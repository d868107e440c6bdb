import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { newUuid, toUuid } from '@/db/ids'
import type { RunStatus } from '@/db/schema/runs'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import { stateInWords } from '@/server/services/state-words'
import { nudgeRun } from '@/server/temporal/nudge'
import type { holdRunInput } from './contract'
import { type RunRow, requireRun } from './require-run'

/** Holds the run before its next step; what is under way ends, and timers go on. */
export function pauseRun(caller: Caller, input: HoldRun): Promise<{ runId: string; status: RunStatus }> {
  return setPaused(caller, input, true)
}

export type HoldRun = z.infer<typeof holdRunInput>

export async function setPaused(
  caller: Caller,
  { runId, reason }: HoldRun,
  paused: boolean,
): Promise<{ runId: string; status: RunStatus }> {
  const { organizationId } = caller
  const status = await inOrganization(organizationId, async (tx) => {
    const run = await requireRun(tx, caller, runId, 'run.cancel')
    if (run.finishedAt) throw ended(run, paused)
    const changed = paused
      ? await tx.execute(sql`update live_runs set pause_at = clock_timestamp()
          where run_id = ${toUuid(run.id, 'run')} and organization_id = ${toUuid(organizationId, 'org')} and pause_at is null returning 1`)
      : await tx.execute(sql`update live_runs set pause_at = null, wake_seq = wake_seq + 1
          where run_id = ${toUuid(run.id, 'run')} and organization_id = ${toUuid(organizationId, 'org')} and pause_at is not null returning 1`)
    if (changed.length === 0) {
      // It may have ended while this waited for whoever ended it.
      const now = await requireRun(tx, caller, runId, 'run.cancel')
      if (now.finishedAt) throw ended(now, paused)
      return now.status
    }
    await tx.execute(sql`insert into run_events (organization_id, run_id, id, kind, actor_id, detail)
      values (${toUuid(organizationId, 'org')}, ${toUuid(run.id, 'run')}, ${newUuid()}, ${paused ? 'paused' : 'resumed'}, ${caller.userId},
        ${JSON.stringify(reason ? { reason } : {})}::text::jsonb)`)
    await announce(tx, organizationId, 'run', [run.id])
    await recordAudit(tx, {
      by: caller,
      action: paused ? 'run.pause' : 'run.resume',
      target: { kind: 'run', id: run.id },
      detail: { workflowId: run.workflowId, ...(reason ? { reason } : {}) },
    })
    return run.status
  })
  if (!paused) await nudgeRun(runId)
  return { runId, status }
}

function ended(run: RunRow, paused: boolean): ServiceError {
  return new ServiceError('CONFLICT', `This run ended (${stateInWords(run.status)}), so it cannot be ${paused ? 'paused' : 'resumed'}.`, {
    hint: 'Run it again if its work is still wanted.',
  })
}
