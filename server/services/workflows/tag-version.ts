import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { workflows, workflowVersions } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import type { tagVersionInput } from './contract'
import { getVersionOf } from './get-graph'
import { findTagged, setTag } from './live-tag'
import { requireWorkflow } from './require-workflow'

/** Gives a version a tag, which is taken from the one that had it. Runs that started keep their version; new ones start with the live one. */
export async function tagVersion(caller: Caller, { name, ...input }: z.infer<typeof tagVersionInput>): Promise<{ ok: true }> {
  const { organizationId } = caller
  await inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'workflow.publish')
    const version = await getVersionOf(tx, caller, workflow.id, input.versionId)
    const before = await findTagged(tx, organizationId, workflow.id, name)
    if (before === version.id) return
    const [had] = before
      ? await tx
          .select({ number: workflowVersions.number })
          .from(workflowVersions)
          .where(and(eq(workflowVersions.organizationId, organizationId), eq(workflowVersions.id, before)))
      : []
    await setTag(tx, { organizationId, workflowId: workflow.id, versionId: version.id, name, userId: caller.userId })
    await tx
      .update(workflows)
      .set({ updatedAt: new Date() })
      .where(and(eq(workflows.organizationId, organizationId), eq(workflows.id, workflow.id)))
    await recordAudit(tx, {
      by: caller,
      action: 'workflow.tag',
      target: { kind: 'workflow', id: workflow.id, name: workflow.name },
      detail: { tag: name, version: version.number, before: had?.number ?? null },
    })
    await announce(tx, organizationId, 'workflow', [workflow.id])
  })
  return { ok: true }
}
