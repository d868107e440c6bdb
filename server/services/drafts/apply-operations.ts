import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { changeDraft } from './change-draft'
import type { applyDraftInput } from './contract'

export function applyOperations(caller: Caller, input: z.infer<typeof applyDraftInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, input.workflowId, 'workflow.edit')
    const { revision, results, missed, reload } = await changeDraft(tx, caller, workflow, input)
    return { revision, results, missed, reload }
  })
}
