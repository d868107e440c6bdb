import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { webhookEndpoints } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import { ServiceError } from '@/server/services/service-error'
import { ensureEndpoints } from '@/server/services/workflows/ensure-endpoints'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { webhookUrl } from '@/server/services/workflows/webhook-url'
import type { captureWebhookInput } from './contract'

const minutes = 10

/** For ten minutes the next call to this address is also kept as the node's test data. */
export function captureWebhook(caller: Caller, input: z.infer<typeof captureWebhookInput>): Promise<{ url: string; until: Date | null }> {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    await requireWorkflow(tx, caller, input.workflowId, 'workflow.edit')
    const { graph } = await getDraft(tx, organizationId, input.workflowId)
    await ensureEndpoints(tx, organizationId, input.workflowId, graph)
    const until = input.stop ? null : new Date(Date.now() + minutes * 60_000)
    const [endpoint] = await tx
      .update(webhookEndpoints)
      .set({ captureUntil: until })
      .where(
        and(
          eq(webhookEndpoints.organizationId, organizationId),
          eq(webhookEndpoints.workflowId, input.workflowId),
          eq(webhookEndpoints.nodeId, input.nodeId),
        ),
      )
      .returning()
    if (!endpoint)
      throw new ServiceError('NOT_FOUND', 'This step has no address: it is not a webhook of this draft.', { pointer: '/nodeId' })
    await announce(tx, organizationId, 'test_data', [input.workflowId])
    return { url: webhookUrl(organizationId, endpoint), until }
  })
}
