import { createHash } from 'node:crypto'
import { and, eq, lt, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { newId } from '@/db/ids'
import { versionCredentials, workflowVersions } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { credentialUses } from '@/server/services/workflows/credential-uses'
import { contentHash } from '@/workflows/graph/content-hash'
import type { Graph } from '@/workflows/graph/schema'

/**
 * A run executes a version and never a draft: what is tried out is frozen as a version with a number below zero, which no list shows.
 * The same content is frozen once.
 */
export async function freezeDraft(tx: Transaction, caller: Caller, workflowId: string, graph: Graph): Promise<string> {
  const { organizationId } = caller
  const hash = Buffer.from(contentHash(graph), 'hex')
  const drafts = and(
    eq(workflowVersions.organizationId, organizationId),
    eq(workflowVersions.workflowId, workflowId),
    lt(workflowVersions.number, 0),
  )
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`millrace:freeze:${createHash('sha256').update(workflowId).digest('hex')}`}, 0))`,
  )
  const [same] = await tx
    .select({ id: workflowVersions.id })
    .from(workflowVersions)
    .where(and(drafts, eq(workflowVersions.contentHash, hash)))
  if (same) return same.id
  const [lowest] = await tx
    .select({ number: sql<number>`coalesce(min(${workflowVersions.number}), 0)::integer` })
    .from(workflowVersions)
    .where(drafts)
  const versionId = newId('ver')
  await tx.insert(workflowVersions).values({
    organizationId,
    id: versionId,
    workflowId,
    number: (lowest?.number ?? 0) - 1,
    graph,
    contentHash: hash,
    publishedBy: caller.userId,
  })
  const uses = credentialUses(graph)
  if (uses.length > 0) await tx.insert(versionCredentials).values(uses.map((use) => ({ organizationId, versionId, ...use })))
  return versionId
}
