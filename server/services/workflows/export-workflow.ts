import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { isId } from '@/db/ids'
import { credentials } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { toDocument, type WorkflowDocument } from '@/workflows/graph/to-document'
import type { exportWorkflowInput } from './contract'
import { credentialUses } from './credential-uses'
import { getDraft, getVersionOf } from './get-graph'
import { requireWorkflow } from './require-workflow'

/** The draft, or a version: without secrets, without ids of this instance. */
export function exportWorkflow(caller: Caller, input: z.infer<typeof exportWorkflowInput>): Promise<WorkflowDocument> {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'workflow.read')
    const { graph } = input.versionId
      ? await getVersionOf(tx, caller, workflow.id, input.versionId)
      : await getDraft(tx, caller.organizationId, workflow.id)
    const ids = credentialUses(graph)
      .map((use) => use.credentialId)
      .filter((id) => isId(id, 'cred'))
    const named =
      ids.length === 0
        ? []
        : await tx
            .select({ id: credentials.id, type: credentials.type, name: credentials.name })
            .from(credentials)
            .where(and(eq(credentials.organizationId, caller.organizationId), inArray(credentials.id, ids)))
    const known = new Map(named.map((row) => [row.id, { type: row.type, name: row.name }]))
    return toDocument({ name: workflow.name, description: workflow.description, graph }, known)
  })
}
