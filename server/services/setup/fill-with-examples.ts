import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { insertWorkflow } from '@/server/services/workflows/create-workflow'
import { publishWorkflow } from '@/server/services/workflows/publish-workflow'
import { templates } from '@/workflows/templates'

/** Every template as a published workflow of that project. */
export async function fillWithExamples(caller: Caller, projectId: string): Promise<void> {
  for (const template of templates) {
    const workflowId = await inOrganization(caller.organizationId, (tx) =>
      insertWorkflow(tx, caller, {
        name: template.name,
        description: template.summary,
        projectId,
        graph: template.graph,
        how: 'from_template',
      }),
    )
    await publishWorkflow(caller, { workflowId, note: 'Comes with Millrace.' })
  }
}
