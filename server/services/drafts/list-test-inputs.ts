import { and, asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { testInputs } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import type { Json } from '@/workflows/graph/schema'
import type { draftTarget } from './contract'

/** The inputs that were kept under a name, for all steps of a workflow. */
export function listTestInputs(caller: Caller, { workflowId }: z.infer<typeof draftTarget>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.read')
    if (!can(caller, 'run.payload', workflow.projectId)) return { items: [] }
    const items = await tx
      .select({ nodeId: testInputs.nodeId, name: testInputs.name, input: testInputs.input, at: testInputs.at })
      .from(testInputs)
      .where(and(eq(testInputs.organizationId, caller.organizationId), eq(testInputs.workflowId, workflowId)))
      .orderBy(asc(testInputs.name))
    return { items: items.map((item) => ({ ...item, input: item.input as Json })) }
  })
}
