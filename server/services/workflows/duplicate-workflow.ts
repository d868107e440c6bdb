import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { withNewIds } from '@/workflows/graph/from-document'
import { newNodeId } from '@/workflows/graph/new-node-id'
import { chooseProject } from './choose-project'
import type { duplicateWorkflowInput } from './contract'
import { insertWorkflow, withFreeName } from './create-workflow'
import { freeName } from './free-name'
import { getDraft } from './get-graph'
import { requireWorkflow } from './require-workflow'

export async function duplicateWorkflow(
  caller: Caller,
  input: z.infer<typeof duplicateWorkflowInput>,
): Promise<{ id: string; workflowId: string }> {
  const id = await withFreeName(input.name ?? '', () =>
    inOrganization(caller.organizationId, async (tx) => {
      const workflow = await requireWorkflow(tx, caller, input.workflowId, 'workflow.read')
      const projectId = await chooseProject(tx, caller, input.projectId ?? workflow.projectId, 'workflow.edit')
      const { graph } = await getDraft(tx, caller.organizationId, workflow.id)
      const name = input.name ?? (await freeName(tx, caller.organizationId, projectId, `${workflow.name} (copy)`))
      return insertWorkflow(tx, caller, {
        name,
        description: workflow.description,
        projectId,
        graph: withNewIds(graph, newNodeId),
        how: 'duplicated',
      })
    }),
  )
  return { id, workflowId: id }
}
