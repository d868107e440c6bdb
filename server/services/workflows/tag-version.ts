import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { workflows } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import type { tagVersionInput } from './contract'
import { getVersionOf } from './get-graph'
import { findLive, setLive } from './live-tag'
import { requireWorkflow } from './require-workflow'

/** Runs that started keep their version; new ones start with this one. */
export async function tagVersion(caller: Caller, input: z.infer<typeof tagVersionInput>): Promise<{ ok: true }> {
  await inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'workflow.publish')
    const version = await getVersionOf(tx, caller, workflow.id, input.versionId)
    const live = await findLive(tx, caller.organizationId, workflow.id)
    if (live?.versionId === version.id) return
    await setLive(tx, caller.organizationId, workflow.id, version.id, caller.userId)
    await tx
      .update(workflows)
      .set({ updatedAt: new Date() })
      .where(and(eq(workflows.organizationId, caller.organizationId), eq(workflows.id, workflow.id)))
    await recordAudit(tx, {
      by: caller,
      action: 'workflow.tag',
      target: { kind: 'workflow', id: workflow.id, name: workflow.name },
      detail: { tag: input.name, version: version.number, before: live?.number ?? null },
    })
    await announce(tx, caller.organizationId, 'workflow', [workflow.id])
  })
  return { ok: true }
}
