import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { countTemplateImport } from '@/db/definer'
import type { Caller } from '@/server/auth/caller'
import { chooseProject } from '@/server/services/workflows/choose-project'
import { insertWorkflow, readGraph, withFreeName } from '@/server/services/workflows/create-workflow'
import { freeName } from '@/server/services/workflows/free-name'
import { withNewIds } from '@/workflows/graph/from-document'
import { newNodeId } from '@/workflows/graph/new-node-id'
import { fillBlanks } from './blanks-of'
import type { importTemplateInput } from './contract'
import { findTemplateRow } from './get-template'

/** As a draft under new ids and without credentials: nothing runs before somebody publishes. */
export async function importTemplate(caller: Caller, input: z.infer<typeof importTemplateInput>): Promise<{ workflowId: string }> {
  const workflowId = await withFreeName(input.name ?? '', () =>
    inOrganization(caller.organizationId, async (tx) => {
      const template = await findTemplateRow(tx, caller, input.slug)
      const projectId = await chooseProject(tx, caller, input.projectId, 'template.import')
      const graph = withNewIds(readGraph(fillBlanks(template.graph, input.values ?? {})), newNodeId)
      const name = input.name ?? (await freeName(tx, caller.organizationId, projectId, template.name))
      await countTemplateImport(template.id, tx)
      return insertWorkflow(tx, caller, {
        name,
        description: template.summary,
        projectId,
        graph,
        how: 'from_template',
        templateId: template.id,
      })
    }),
  )
  return { workflowId }
}
