import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { diffGraphs, type GraphDiff } from '@/workflows/graph/diff'
import type { compareWorkflowInput } from './contract'
import { getDraft, getVersionOf } from './get-graph'
import { requireWorkflow } from './require-workflow'

export function compareVersions(caller: Caller, input: z.infer<typeof compareWorkflowInput>): Promise<GraphDiff> {
  return inOrganization(caller.organizationId, async (tx) => {
    await requireWorkflow(tx, caller, input.workflowId, 'workflow.read')
    const graphOf = async (which: string) =>
      which === 'draft'
        ? (await getDraft(tx, caller.organizationId, input.workflowId)).graph
        : (await getVersionOf(tx, caller, input.workflowId, which)).graph
    return diffGraphs(await graphOf(input.from), await graphOf(input.to))
  })
}
