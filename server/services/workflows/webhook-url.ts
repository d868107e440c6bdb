import { config } from '@/server/config'
import { openPacked } from '@/server/services/key-ring'

/** The address of a webhook, for who may edit the workflow. */
export function webhookUrl(organizationId: string, endpoint: { id: string; tokenSecret: Uint8Array }): string {
  return `${config().url}/hooks/${openPacked(endpoint.tokenSecret, { organizationId, ownerId: endpoint.id })}`
}
