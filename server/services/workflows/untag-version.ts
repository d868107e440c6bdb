import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { workflowTags } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { ServiceError } from '@/server/services/service-error'
import type { untagVersionInput } from './contract'
import { requireWorkflow } from './require-workflow'

/** Takes a tag away; a workflow that was published stays live, so that one can only be moved. */
export async function untagVersion(caller: Caller, { workflowId, tag }: z.infer<typeof untagVersionInput>): Promise<{ ok: true }> {
  const { organizationId } = caller
  if (tag === 'live') throw new ServiceError('CONFLICT', 'The tag “live” cannot be taken away.', { hint: 'Make another version live.' })
  await inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.publish')
    const removed = await tx
      .delete(workflowTags)
      .where(and(eq(workflowTags.organizationId, organizationId), eq(workflowTags.workflowId, workflow.id), eq(workflowTags.name, tag)))
      .returning({ name: workflowTags.name })
    if (removed.length === 0) return
    await recordAudit(tx, {
      by: caller,
      action: 'workflow.untag',
      target: { kind: 'workflow', id: workflow.id, name: workflow.name },
      detail: { tag },
    })
    await announce(tx, organizationId, 'workflow', [workflow.id])
  })
  return { ok: true }
}
