import { inOrganization } from '@/db/client'
import { findWebhook } from '@/db/definer'
import { hashToken } from '@/server/auth/token'
import type { OpenCredential } from '@/server/net/credential'
import { openCredential } from '@/server/services/credentials/open-credential'
import { getVersionGraph } from '@/server/services/workflows/get-graph'
import { findLiveId } from '@/server/services/workflows/live-tag'
import { triggerWebhook } from '@/workflows/nodes/trigger-webhook/definition'

export interface WebhookTrigger {
  organizationId: string
  endpointId: string
  workflowId: string
  nodeId: string
  capturing: boolean
  /** What the live version says about its webhook; null where nothing is live. */
  live: {
    versionId: string
    method: string
    respond: 'at-once' | 'when-finished' | 'respond-node'
    auth: Auth
    credentialId: string | null
    deliveryIdHeader: string
  } | null
}
type Auth = 'none' | 'bearer' | 'standard-webhooks' | 'github' | 'stripe'

/** A version never changes, so what it says about a webhook is read once. */
const remembered = new Map<string, WebhookTrigger['live']>()

/** What a token leads to, or null: unknown, or its workflow is gone. */
export async function findTrigger(token: string): Promise<WebhookTrigger | null> {
  const endpoint = await findWebhook(hashToken(token))
  if (!endpoint?.active) return null
  const { organizationId, workflowId, nodeId, endpointId } = endpoint
  const live = await inOrganization(organizationId, async (tx) => {
    const versionId = await findLiveId(tx, organizationId, workflowId)
    if (!versionId) return null
    const key = `${versionId} ${nodeId}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const graph = await getVersionGraph(tx, organizationId, versionId)
    const node = graph?.nodes.find((one) => one.id === nodeId && !one.settings.disabled)
    const params = node ? triggerWebhook.params.safeParse(node.params) : null
    const found = params?.success
      ? {
          versionId,
          method: params.data.method,
          respond: params.data.respond,
          auth: params.data.auth,
          credentialId: params.data.credential ?? null,
          deliveryIdHeader: params.data.deliveryIdHeader,
        }
      : null
    if (remembered.size > 10_000) remembered.clear()
    remembered.set(key, found)
    return found
  })
  return {
    organizationId,
    endpointId,
    workflowId,
    nodeId,
    capturing: endpoint.captureUntil !== null && endpoint.captureUntil > new Date(),
    live,
  }
}

/** The secret that a caller is checked with. */
export function findWebhookSecret(organizationId: string, credentialId: string): Promise<OpenCredential | null> {
  return inOrganization(organizationId, (tx) => openCredential(tx, organizationId, credentialId))
}
