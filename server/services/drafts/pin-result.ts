import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { draftResults } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { ServiceError } from '@/server/services/service-error'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { basisOfPinned } from '@/workflows/graph/basis-of'
import { limits } from '@/workflows/limits'
import type { pinResultInput } from './contract'

/** A pinned output stands for its node in every test of the draft, until it is taken off with null. */
export async function pinResult(caller: Caller, input: z.infer<typeof pinResultInput>): Promise<{ ok: true }> {
  const { organizationId } = caller
  if (input.output !== null && Buffer.byteLength(JSON.stringify(input.output)) > limits.inlineValueBytes) {
    throw new ServiceError('PAYLOAD_TOO_LARGE', `A pinned output holds at most ${limits.inlineValueBytes / 1024} KB.`, {
      pointer: '/output',
      limit: limits.inlineValueBytes,
      hint: 'Pin a shorter example.',
    })
  }
  await inOrganization(organizationId, async (tx) => {
    await requireWorkflow(tx, caller, input.workflowId, 'workflow.edit')
    const { graph } = await getDraft(tx, organizationId, input.workflowId)
    if (!graph.nodes.some((node) => node.id === input.nodeId)) {
      throw new ServiceError('NOT_FOUND', 'This step is not in the draft any more.', { pointer: '/nodeId' })
    }
    const here = and(
      eq(draftResults.organizationId, organizationId),
      eq(draftResults.workflowId, input.workflowId),
      eq(draftResults.nodeId, input.nodeId),
    )
    if (input.output === null) await tx.update(draftResults).set({ pinned: false }).where(here)
    else {
      const pinned = {
        status: 'succeeded',
        port: 'main',
        output: input.output,
        blobHash: null,
        error: null,
        inputHash: basisOfPinned(input.output),
        pinned: true,
        source: 'typed' as const,
        at: new Date(),
      }
      await tx
        .insert(draftResults)
        .values({ organizationId, workflowId: input.workflowId, nodeId: input.nodeId, ...pinned })
        .onConflictDoUpdate({ target: [draftResults.organizationId, draftResults.workflowId, draftResults.nodeId], set: pinned })
    }
    await announce(tx, organizationId, 'test_data', [input.workflowId])
  })
  return { ok: true }
}
