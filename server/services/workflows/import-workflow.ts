import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { ServiceError } from '@/server/services/service-error'
import { fromDocument } from '@/workflows/graph/from-document'
import { newNodeId } from '@/workflows/graph/new-node-id'
import type { Wants } from '@/workflows/graph/wants-of'
import { chooseProject } from './choose-project'
import type { importWorkflowInput } from './contract'
import { insertWorkflow, withFreeName } from './create-workflow'
import { freeName } from './free-name'

/** Taken whole as a draft under new ids and without credentials, or refused whole with all its problems. */
export async function importWorkflow(
  caller: Caller,
  input: z.infer<typeof importWorkflowInput>,
): Promise<{ workflowId: string; name: string; wants: Wants }> {
  const parsed = fromDocument(input.document, { newId: newNodeId })
  if (!parsed.ok) {
    const [first] = parsed.problems
    throw new ServiceError('UNPROCESSABLE', first?.message ?? 'This is not an exported workflow.', {
      pointer: `/document${first?.pointer ?? ''}`,
      hint: 'Correct all that is listed and import it again; nothing was taken over.',
      problems: parsed.problems,
    })
  }
  const { workflow } = parsed
  return withFreeName(input.name ?? workflow.name, () =>
    inOrganization(caller.organizationId, async (tx) => {
      const projectId = await chooseProject(tx, caller, input.projectId, 'workflow.edit')
      const name = input.name ?? (await freeName(tx, caller.organizationId, projectId, workflow.name))
      const workflowId = await insertWorkflow(tx, caller, {
        name,
        description: workflow.description,
        projectId,
        graph: workflow.graph,
        how: 'imported',
      })
      return { workflowId, name, wants: workflow.wants }
    }),
  )
}
