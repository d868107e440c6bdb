import { inOrganization } from '@/db/client'
import { findWebhook } from '@/db/definer'
import { hashToken } from '@/server/auth/token'
import type { OpenCredential } from '@/server/net/credential'
import { openCredential } from '@/server/services/credentials/open-credential'
import { rulesIn, rulesOf, type VersionRules } from '@/server/services/runs/run-settings'
import { getVersionGraph } from '@/server/services/workflows/get-graph'
import { findLiveId } from '@/server/services/workflows/live-tag'
import { fieldNames } from '@/workflows/nodes/params'
import { triggerWebhook } from '@/workflows/nodes/trigger-webhook/definition'

export interface WebhookTrigger {
  /** In hex. */
  tokenHash: string
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
    /** Where the signature stands, for `hmac`. */
    signatureHeader: string
    /** Addresses and networks that may call; empty: all. */
    addresses: string[]
    /** Origins whose pages may call. */
    origins: string[]
    /** The workflow's settings ask nothing of a run when it is accepted. */
    plain: boolean
  } | null
}
type Auth = 'none' | 'bearer' | 'basic' | 'header' | 'hmac' | 'standard-webhooks' | 'github' | 'stripe'

/** A version never changes, so what it says about a webhook is read once. */
const versions = new Map<string, WebhookTrigger['live']>()

const known = new Map<string, WebhookTrigger>()
const mostKnown = 10_000

/**
 * What a token leads to, or null: unknown, or its workflow is gone. With `fresh` it is read again; otherwise it may have changed since,
 * which `acceptCall` notices.
 */
export async function findTrigger(token: string, { fresh = false } = {}): Promise<WebhookTrigger | null> {
  const tokenHash = hashToken(token)
  const key = tokenHash.toString('hex')
  const remembered = fresh ? undefined : known.get(key)
  if (remembered) return remembered
  known.delete(key)
  const trigger = await readTrigger(tokenHash, key)
  // Only what is accepted by `acceptCall` may be old: for every other call nobody would notice.
  if (!trigger?.live?.plain || trigger.capturing) return trigger
  if (known.size >= mostKnown) known.clear()
  known.set(key, trigger)
  return trigger
}

async function readTrigger(tokenHash: Buffer, key: string): Promise<WebhookTrigger | null> {
  const endpoint = await findWebhook(tokenHash)
  if (!endpoint?.active) return null
  const { organizationId, workflowId, nodeId, endpointId } = endpoint
  const live = await inOrganization(organizationId, async (tx) => {
    const versionId = await findLiveId(tx, organizationId, workflowId)
    if (!versionId) return null
    const said = `${versionId} ${nodeId}`
    const before = versions.get(said)
    if (before !== undefined) return before
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
          signatureHeader: params.data.signatureHeader,
          addresses: fieldNames(params.data.addresses),
          origins: fieldNames(params.data.origins),
          plain: graph !== null && isPlain(rulesIn(graph)),
        }
      : null
    if (versions.size > 10_000) versions.clear()
    versions.set(said, found)
    return found
  })
  return {
    tokenHash: key,
    organizationId,
    endpointId,
    workflowId,
    nodeId,
    capturing: endpoint.captureUntil !== null && endpoint.captureUntil > new Date(),
    live,
  }
}

function isPlain(settings: VersionRules | null): boolean {
  return !settings || (!settings.concurrency && !settings.rate && settings.priority === undefined && rulesOf(settings) === null)
}

/** The secret that a caller is checked with. */
export function findWebhookSecret(organizationId: string, credentialId: string): Promise<OpenCredential | null> {
  return openCredential(organizationId, credentialId)
}
