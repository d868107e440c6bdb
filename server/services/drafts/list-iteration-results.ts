import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import type { draftIteration, draftIterationInput } from './contract'
import { iterationResults } from './iteration-results'
import { resultsOf, shownResults } from './list-draft-results'

/** What the steps in a container gave in one of its iterations, from the run that its own result is from; nothing where that did not come to it. */
export function listIterationResults(
  caller: Caller,
  { workflowId, nodeId, index }: z.infer<typeof draftIterationInput>,
): Promise<z.infer<typeof draftIteration>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.read')
    requirePermission(caller, 'run.payload', workflow.projectId)
    const { graph } = await getDraft(tx, caller.organizationId, workflowId)
    const known = shownResults(await resultsOf(tx, caller.organizationId, workflowId, graph), [])
    const results = await iterationResults(tx, caller.organizationId, workflowId, graph, known, { containerId: nodeId, index })
    return { results: results.filter(({ iteration }) => iteration.path.split('/').includes(nodeId)) }
  })
}
