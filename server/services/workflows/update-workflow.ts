import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { workflows } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { recordAudit } from '@/server/services/audit/record-audit'
import { chooseProject } from './choose-project'
import type { updateWorkflowInput } from './contract'
import { withFreeName } from './create-workflow'
import { requireWorkflow } from './require-workflow'

export async function updateWorkflow(caller: Caller, input: z.infer<typeof updateWorkflowInput>): Promise<{ ok: true }> {
  await withFreeName(input.name ?? '', () =>
    inOrganization(caller.organizationId, async (tx) => {
      const workflow = await requireWorkflow(tx, caller, input.workflowId, 'workflow.edit')
      const projectId =
        input.projectId && input.projectId !== workflow.projectId
          ? await chooseProject(tx, caller, input.projectId, 'workflow.edit')
          : workflow.projectId
      const after = {
        name: input.name ?? workflow.name,
        description: input.description ?? workflow.description,
        keepDays: input.keepDays ?? workflow.keepDays,
        projectId,
      }
      const changed = (Object.keys(after) as (keyof typeof after)[]).filter((key) => after[key] !== workflow[key])
      if (changed.length === 0) return
      await tx
        .update(workflows)
        .set({ ...after, updatedAt: new Date() })
        .where(and(eq(workflows.organizationId, caller.organizationId), eq(workflows.id, workflow.id)))
      await recordAudit(tx, {
        by: caller,
        action: 'workflow.update',
        target: { kind: 'workflow', id: workflow.id, name: after.name },
        detail: Object.fromEntries(
          changed.filter((key) => key !== 'description').map((key) => [key, { before: workflow[key], after: after[key] }]),
        ),
      })
      await announce(tx, caller.organizationId, 'workflow', [workflow.id])
    }),
  )
  return { ok: true }
}
