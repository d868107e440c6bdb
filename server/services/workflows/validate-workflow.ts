import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import type { Problem } from '@/workflows/graph/schema'
import { validate } from '@/workflows/graph/validate'
import { catalogue } from '@/workflows/nodes/catalogue'
import { getDraft } from './get-graph'
import { requireWorkflow } from './require-workflow'
import { surroundingsOf } from './surroundings'

export function validateWorkflow(caller: Caller, { workflowId }: { workflowId: string }): Promise<{ problems: Problem[] }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.read')
    const { graph } = await getDraft(tx, caller.organizationId, workflowId)
    return { problems: validate(graph, catalogue, await surroundingsOf(tx, caller.organizationId, workflow.projectId, graph)) }
  })
}
