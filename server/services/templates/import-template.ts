import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { countTemplateImport } from '@/db/definer'
import { draftResults } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { createScheduleInput } from '@/server/services/schedules/contract'
import { insertSchedule } from '@/server/services/schedules/create-schedule'
import { mirrorLater } from '@/server/services/schedules/mirror-later'
import { chooseProject } from '@/server/services/workflows/choose-project'
import { insertWorkflow, readGraph, withFreeName } from '@/server/services/workflows/create-workflow'
import { freeName } from '@/server/services/workflows/free-name'
import { definitionOf } from '@/workflows/graph/catalogue'
import { withNewIds } from '@/workflows/graph/from-document'
import { newNodeId } from '@/workflows/graph/new-node-id'
import type { Graph, Json } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { inWords } from '@/workflows/templates/called-here'
import { fillBlanks } from './blanks-of'
import type { importTemplateInput } from './contract'
import { findTemplateRow } from './get-template'

/** As a draft under new ids, with the credentials, people and times that were chosen: nothing runs before somebody publishes. */
export async function importTemplate(caller: Caller, input: z.infer<typeof importTemplateInput>): Promise<{ workflowId: string }> {
  const { workflowId, scheduleIds } = await withFreeName(input.name ?? '', () =>
    inOrganization(caller.organizationId, async (tx) => {
      const template = await findTemplateRow(tx, caller, input.slug)
      const projectId = await chooseProject(tx, caller, input.projectId, 'template.import')
      const filled = fillBlanks(template.graph, input.values ?? {})
      const graph = withNewIds(readGraph(inWords(filled.graph, input.words ?? {})), newNodeId)
      const name = input.name ?? (await freeName(tx, caller.organizationId, projectId, template.name))
      await countTemplateImport(template.id, tx)
      const id = await insertWorkflow(tx, caller, {
        name,
        description: template.summary,
        projectId,
        graph,
        how: 'from_template',
        templateId: template.id,
      })
      await keepSample(tx, caller, id, graph, template.sampleInput as Json)
      const scheduleIds: string[] = []
      for (const { nodeId, ...chosen } of filled.schedules) {
        const node = graph.nodes[filled.graph.nodes.findIndex((one) => one.id === nodeId)]
        const given = createScheduleInput.parse({ ...chosen, workflowId: id, nodeId: node?.id })
        scheduleIds.push(await insertSchedule(tx, caller, given))
      }
      return { workflowId: id, scheduleIds }
    }),
  )
  mirrorLater(caller.organizationId, scheduleIds)
  return { workflowId }
}

/** What shows the template best is the first thing a test of its draft starts with. */
async function keepSample(tx: Transaction, { organizationId }: Caller, workflowId: string, graph: Graph, sample: Json): Promise<void> {
  const trigger = graph.nodes.find((node) => definitionOf(node, catalogue)?.kind === 'trigger')
  if (!trigger || sample === null) return
  await tx
    .insert(draftResults)
    .values({ organizationId, workflowId, nodeId: trigger.id, status: 'succeeded', port: 'main', output: sample, source: 'typed' })
}
