import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { newUuid, toUuid } from '@/db/ids'
import { runs } from '@/db/schema'
import type { RunStatus } from '@/db/schema/runs'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import { stateInWords } from '@/server/services/state-words'
import type { Json } from '@/workflows/graph/schema'
import type { setVariablesInput } from './contract'
import { requireRun } from './require-run'

const mostBytes = 65_536

/** Variables for this run alone, from its next slice on; steps that are done keep what they read. */
export async function setVariables(
  caller: Caller,
  input: z.infer<typeof setVariablesInput>,
): Promise<{ runId: string; status: RunStatus }> {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.start')
    if (run.finishedAt) {
      throw new ServiceError('CONFLICT', `This run ended (${stateInWords(run.status)}), so nothing reads its variables any more.`, {
        hint: 'Change the variable itself, then run again.',
      })
    }
    // Two people at once: the second builds on the first.
    await tx.execute(sql`select 1 from live_runs where run_id = ${toUuid(run.id, 'run')} for no key update`)
    const [fresh] = await tx
      .select({ vars: runs.vars })
      .from(runs)
      .where(and(eq(runs.organizationId, organizationId), eq(runs.id, run.id)))
    const vars: Record<string, Json> = Object.assign(Object.create(null), fresh?.vars)
    for (const [name, value] of Object.entries(input.variables)) {
      if (value === null) delete vars[name]
      else vars[name] = value
    }
    if (JSON.stringify(vars).length > mostBytes) {
      throw new ServiceError('PAYLOAD_TOO_LARGE', 'The variables of a run take 64 KB at most.', { limit: mostBytes, pointer: '/variables' })
    }
    await tx
      .update(runs)
      .set({ vars: Object.keys(vars).length > 0 ? { ...vars } : null })
      .where(and(eq(runs.organizationId, organizationId), eq(runs.id, run.id)))
    const detail = { names: Object.keys(input.variables), ...(input.reason ? { reason: input.reason } : {}) }
    await tx.execute(sql`insert into run_events (organization_id, run_id, id, kind, actor_id, detail)
      values (${toUuid(organizationId, 'org')}, ${toUuid(run.id, 'run')}, ${newUuid()}, 'variables_set', ${caller.userId},
        ${JSON.stringify(detail)}::text::jsonb)`)
    await announce(tx, organizationId, 'run', [run.id])
    await recordAudit(tx, {
      by: caller,
      action: 'run.set_variables',
      target: { kind: 'run', id: run.id },
      detail: { workflowId: run.workflowId, ...detail },
    })
    return { runId: run.id, status: run.status }
  })
}
