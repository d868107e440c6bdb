import { and, eq } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { newId } from '@/db/ids'
import { webhookEndpoints } from '@/db/schema'
import { hashToken, newToken } from '@/server/auth/token'
import { sealPacked } from '@/server/services/key-ring'
import { liveEnvironment } from '@/server/services/live-environment'
import type { Graph } from '@/workflows/graph/schema'
import { triggersOf } from './triggers-of'

/** Gives each webhook trigger its address when it is first saved, so that it can be copied before anything is published. */
export async function ensureEndpoints(tx: Transaction, organizationId: string, workflowId: string, graph: Graph): Promise<void> {
  const nodes = triggersOf(graph).filter((trigger) => trigger.kind === 'webhook')
  if (nodes.length === 0) return
  const environmentId = await liveEnvironment(tx, organizationId)
  const there = await tx
    .select({ nodeId: webhookEndpoints.nodeId })
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.organizationId, organizationId), eq(webhookEndpoints.workflowId, workflowId)))
  const known = new Set(there.map((row) => row.nodeId))
  const missing = nodes.filter((node) => !known.has(node.nodeId))
  if (missing.length === 0) return
  await tx
    .insert(webhookEndpoints)
    .values(
      missing.map(({ nodeId }) => {
        const id = newId('hook')
        const token = newToken()
        return {
          organizationId,
          id,
          workflowId,
          environmentId,
          nodeId,
          tokenHash: hashToken(token),
          tokenSecret: sealPacked(token, { organizationId, ownerId: id }),
        }
      }),
    )
    .onConflictDoNothing()
}
