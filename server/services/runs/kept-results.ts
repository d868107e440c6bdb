import { and, eq, gt, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { keptResults } from '@/db/schema'
import { blobStore, isLarge, previewOf } from '@/server/services/blobs/blob-store'
import type { Json } from '@/workflows/graph/schema'
import type { KeptKey, KeptResult } from '@/workflows/runtime/types'

interface Run {
  organizationId: string
  workflowId: string
  runId: string
}

/** A result that is kept for this node and key and whose time is not over. */
export async function findKept({ organizationId, workflowId }: Run, { nodeId, hash }: KeptKey): Promise<KeptResult | null> {
  const [row] = await inOrganization(organizationId, (tx) =>
    tx
      .select({ runId: keptResults.runId, port: keptResults.port, output: keptResults.output, blobHash: keptResults.blobHash })
      .from(keptResults)
      .where(
        and(
          eq(keptResults.organizationId, organizationId),
          eq(keptResults.workflowId, workflowId),
          eq(keptResults.nodeId, nodeId),
          eq(keptResults.keyHash, Buffer.from(hash, 'hex')),
          gt(keptResults.expiresAt, sql`now()`),
        ),
      ),
  )
  if (!row) return null
  if (!row.blobHash) return { runId: row.runId, port: row.port, output: row.output ?? null }
  const apart = Buffer.from(row.blobHash).toString('hex')
  const values = await blobStore.get(organizationId, [apart])
  return values.has(apart) ? { runId: row.runId, port: row.port, output: values.get(apart) as Json } : null
}

/** Keeps a result, in place of an older one. `text` is its JSON, as Postgres can hold it. */
export async function keepResult(
  run: Run,
  { nodeId, hash }: KeptKey,
  result: { port: string; text: string },
  forMs: number,
): Promise<void> {
  const { organizationId, workflowId, runId } = run
  const apart = isLarge(result.text)
  const kept = {
    runId,
    port: result.port,
    output: apart ? previewOf(result.text) : (JSON.parse(result.text) as Json),
    blobHash: apart ? Buffer.from(await blobStore.put(organizationId, result.text), 'hex') : null,
    createdAt: sql`now()`,
    expiresAt: sql`now() + make_interval(secs => ${forMs / 1_000}::float8)`,
  }
  await inOrganization(organizationId, (tx) =>
    tx
      .insert(keptResults)
      .values({ organizationId, workflowId, nodeId, keyHash: Buffer.from(hash, 'hex'), ...kept })
      .onConflictDoUpdate({
        target: [keptResults.organizationId, keptResults.workflowId, keptResults.nodeId, keptResults.keyHash],
        set: kept,
      }),
  )
}
