import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { notFound } from '@/server/services/service-error'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import type { draftValueInput } from './contract'
import { resultsOf } from './list-draft-results'
import { storedText } from './stored-value'

/** The whole output that a step of the draft last gave, however large. */
export function getDraftValue(caller: Caller, { workflowId, nodeId }: z.infer<typeof draftValueInput>): Promise<{ text: string }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.read')
    requirePermission(caller, 'run.payload', workflow.projectId)
    const { graph } = await getDraft(tx, caller.organizationId, workflowId)
    const result = (await resultsOf(tx, caller.organizationId, workflowId, graph)).find((one) => one.nodeId === nodeId)
    if (!result) throw notFound('step')
    return { text: await storedText(tx, caller.organizationId, result) }
  })
}
