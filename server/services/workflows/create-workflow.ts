import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { newId } from '@/db/ids'
import { drafts, workflows } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { brokeUnique } from '@/server/services/rows'
import { ServiceError } from '@/server/services/service-error'
import { parseGraph } from '@/workflows/graph/parse-graph'
import { emptyGraph, type Graph } from '@/workflows/graph/schema'
import { chooseProject } from './choose-project'
import type { createWorkflowInput } from './contract'
import { ensureEndpoints } from './ensure-endpoints'
import { requireCredentials } from './require-credentials'

export async function createWorkflow(
  caller: Caller,
  input: z.infer<typeof createWorkflowInput>,
): Promise<{ id: string; workflowId: string }> {
  const graph = input.graph === undefined ? emptyGraph : readGraph(input.graph)
  const id = await withFreeName(input.name, () =>
    inOrganization(caller.organizationId, async (tx) => {
      const projectId = await chooseProject(tx, caller, input.projectId, 'workflow.edit')
      return insertWorkflow(tx, caller, { name: input.name, description: input.description, projectId, graph, how: 'created' })
    }),
  )
  return { id, workflowId: id }
}

export interface NewWorkflow {
  name: string
  description: string
  projectId: string
  graph: Graph
  how: 'created' | 'duplicated' | 'imported' | 'from_template'
  templateId?: string
}

/** The one way a workflow comes to be: row, draft, addresses, audit. */
export async function insertWorkflow(tx: Transaction, caller: Caller, given: NewWorkflow): Promise<string> {
  const { organizationId } = caller
  const id = newId('wf')
  await requireCredentials(tx, caller, given.graph, given.projectId)
  await tx.insert(workflows).values({
    organizationId,
    id,
    projectId: given.projectId,
    name: given.name,
    description: given.description,
    templateId: given.templateId ?? null,
    createdBy: caller.userId,
  })
  await tx.insert(drafts).values({ organizationId, workflowId: id, graph: given.graph, updatedBy: caller.userId })
  await ensureEndpoints(tx, organizationId, id, given.graph)
  await recordAudit(tx, {
    by: caller,
    action: 'workflow.create',
    target: { kind: 'workflow', id, name: given.name },
    detail: { how: given.how },
  })
  await announce(tx, organizationId, 'workflow', [id])
  return id
}

/** Refused whole with all its problems, or taken whole. */
export function readGraph(input: unknown, pointer = '/graph'): Graph {
  const parsed = parseGraph(input)
  if (parsed.ok) return parsed.graph
  const [first] = parsed.problems
  throw new ServiceError('UNPROCESSABLE', first?.message ?? 'This is not a graph.', {
    pointer: `${pointer}${first?.pointer ?? ''}`,
    hint: 'Correct all that is listed and send it again; nothing was taken over.',
    problems: parsed.problems,
  })
}

export async function withFreeName<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!brokeUnique(error, 'workflows_name')) throw error
    throw new ServiceError('CONFLICT', `There is already a workflow called “${name}” in this project.`, {
      pointer: '/name',
      hint: 'Choose another name.',
      cause: error,
    })
  }
}
