import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { recordAudit } from '@/server/services/audit/record-audit'
import { changeDraft } from '@/server/services/drafts/change-draft'
import type { restoreDraftInput } from './contract'
import { getDraft, getVersionOf, upToDate } from './get-graph'
import { requireWorkflow } from './require-workflow'

/** Puts a version into the draft, as one more operation: it can be undone, and others see it come. */
export function restoreDraft(caller: Caller, input: z.infer<typeof restoreDraftInput>): Promise<{ revision: number }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'workflow.edit')
    const version = await getVersionOf(tx, caller, workflow.id, input.versionId)
    const draft = await getDraft(tx, caller.organizationId, workflow.id, { lock: true })
    const operation = { kind: 'replaceGraph' as const, before: draft.graph, after: upToDate(version.graph) }
    const { revision } = await changeDraft(tx, caller, workflow, {
      baseRevision: draft.revision,
      clientId: 'server',
      operations: [{ opId: randomUUID(), operation }],
    })
    await recordAudit(tx, {
      by: caller,
      action: 'draft.restore',
      target: { kind: 'workflow', id: workflow.id, name: workflow.name },
      detail: { version: version.number },
    })
    return { revision }
  })
}
