import { and, count, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { testInputs } from '@/db/schema'
import { type Caller, requirePermission } from '@/server/auth/caller'
import { ServiceError } from '@/server/services/service-error'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { limits } from '@/workflows/limits'
import type { keepTestInputInput } from './contract'

const inputsAtMost = 100

/** Keeps an input under a name, in place of one with the same name; without an input the name is given up. */
export async function keepTestInput(
  caller: Caller,
  { workflowId, nodeId, name, input }: z.infer<typeof keepTestInputInput>,
): Promise<{ ok: true }> {
  const { organizationId } = caller
  if (input !== undefined && Buffer.byteLength(JSON.stringify(input)) > limits.webhookBodyBytes) {
    throw new ServiceError('PAYLOAD_TOO_LARGE', `A kept input holds at most ${limits.webhookBodyBytes / 1024 / 1024} MB.`, {
      pointer: '/input',
      limit: limits.webhookBodyBytes,
      hint: 'Keep a shorter example.',
    })
  }
  await inOrganization(organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.edit')
    requirePermission(caller, 'run.payload', workflow.projectId)
    const { graph } = await getDraft(tx, organizationId, workflowId)
    if (!graph.nodes.some((node) => node.id === nodeId)) {
      throw new ServiceError('NOT_FOUND', 'This step is not in the draft any more.', { pointer: '/nodeId' })
    }
    const ofWorkflow = and(eq(testInputs.organizationId, organizationId), eq(testInputs.workflowId, workflowId))
    const here = and(ofWorkflow, eq(testInputs.nodeId, nodeId), eq(testInputs.name, name))
    if (input === undefined) {
      await tx.delete(testInputs).where(here)
      return
    }
    const [kept] = await tx.select({ count: count() }).from(testInputs).where(ofWorkflow)
    if ((kept?.count ?? 0) >= inputsAtMost) {
      throw new ServiceError('UNPROCESSABLE', `A workflow keeps at most ${inputsAtMost} test inputs.`, {
        limit: inputsAtMost,
        hint: 'Remove one that is not needed any more.',
      })
    }
    await tx
      .insert(testInputs)
      .values({ organizationId, workflowId, nodeId, name, input, createdBy: caller.userId })
      .onConflictDoUpdate({
        target: [testInputs.organizationId, testInputs.workflowId, testInputs.nodeId, testInputs.name],
        set: { input, createdBy: caller.userId, at: new Date() },
      })
  })
  return { ok: true }
}
