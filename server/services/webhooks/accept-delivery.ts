import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { credentials, draftResults, webhookEndpoints } from '@/db/schema'
import { announce } from '@/server/realtime/announce'
import { acceptRun } from '@/server/services/runs/accept-run'
import { getDraft } from '@/server/services/workflows/get-graph'
import type { Json } from '@/workflows/graph/schema'
import { triggerWebhook } from '@/workflows/nodes/trigger-webhook/definition'
import type { WebhookTrigger } from './find-trigger'

/** Commits the call as a run, and as test data where somebody asked for it. Once this resolves, nothing of it is lost. */
export function acceptDelivery(
  trigger: WebhookTrigger,
  versionId: string,
  data: Json,
  deliveryId: string | null,
): Promise<{ runId: string; duplicate: boolean }> {
  const { organizationId, endpointId } = trigger
  return inOrganization(organizationId, async (tx) => {
    const run = await acceptRun(tx, {
      organizationId,
      workflowId: trigger.workflowId,
      versionId,
      trigger: 'webhook',
      triggerNodeId: trigger.nodeId,
      triggerRef: endpointId,
      input: data,
      ...(deliveryId ? { dedupe: { source: `webhook:${endpointId}`, key: deliveryId } } : {}),
    })
    if (trigger.capturing) await keepAsTestData(tx, trigger, data)
    else await markCalled(tx, trigger)
    return run
  })
}

/** For a workflow that is not published yet: the call starts nothing and becomes test data. */
export function captureDelivery(trigger: WebhookTrigger, data: Json): Promise<void> {
  return inOrganization(trigger.organizationId, (tx) => keepAsTestData(tx, trigger, data))
}

async function keepAsTestData(tx: Transaction, trigger: WebhookTrigger, data: Json): Promise<void> {
  const { organizationId, workflowId, nodeId } = trigger
  const kept = {
    status: 'succeeded',
    port: 'main',
    output: await withoutProof(tx, trigger, data),
    blobHash: null,
    error: null,
    inputHash: null,
    source: 'captured' as const,
    at: new Date(),
  }
  await tx
    .insert(draftResults)
    .values({ organizationId, workflowId, nodeId, ...kept })
    .onConflictDoUpdate({
      target: [draftResults.organizationId, draftResults.workflowId, draftResults.nodeId],
      set: kept,
      setWhere: eq(draftResults.pinned, false),
    })
  await tx
    .update(webhookEndpoints)
    .set({ captureUntil: null, lastCalledAt: new Date() })
    .where(and(eq(webhookEndpoints.organizationId, organizationId), eq(webhookEndpoints.id, trigger.endpointId)))
  await announce(tx, organizationId, 'test_data', [workflowId])
}

/** At most once a minute: a busy endpoint must not become a hot row. */
async function markCalled(tx: Transaction, trigger: WebhookTrigger): Promise<void> {
  await tx
    .update(webhookEndpoints)
    .set({ lastCalledAt: new Date() })
    .where(
      and(
        eq(webhookEndpoints.organizationId, trigger.organizationId),
        eq(webhookEndpoints.id, trigger.endpointId),
        or(isNull(webhookEndpoints.lastCalledAt), lt(webhookEndpoints.lastCalledAt, sql`now() - interval '1 minute'`)),
      ),
    )
}

/** The draft may ask callers for a header that no version asks for yet: what it holds is no test data. */
async function withoutProof(tx: Transaction, { organizationId, workflowId, nodeId }: WebhookTrigger, data: Json): Promise<Json> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  const { headers } = data
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return data
  const { graph } = await getDraft(tx, organizationId, workflowId)
  const params = triggerWebhook.params.safeParse(graph.nodes.find((node) => node.id === nodeId)?.params)
  if (!params.success) return data
  const { auth, credential, signatureHeader } = params.data
  const [row] =
    auth === 'header' && credential
      ? await tx
          .select({ settings: credentials.settings })
          .from(credentials)
          .where(and(eq(credentials.organizationId, organizationId), eq(credentials.id, credential)))
      : []
  const named = auth === 'hmac' ? signatureHeader : (row?.settings as { name?: unknown } | undefined)?.name
  const proof = typeof named === 'string' ? named.trim().toLowerCase() : ''
  return { ...data, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== proof)) }
}
