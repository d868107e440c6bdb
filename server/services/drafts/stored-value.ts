import { and, eq } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { blobs } from '@/db/schema'
import type { Json } from '@/workflows/graph/schema'
import type { KeptResult } from './list-draft-results'

/** A result's output whole, as JSON text. */
export async function storedText(tx: Transaction, organizationId: string, result: KeptResult): Promise<string> {
  if (!result.blobHash) return JSON.stringify(result.output)
  const [row] = await tx
    .select({ body: blobs.body })
    .from(blobs)
    .where(and(eq(blobs.organizationId, organizationId), eq(blobs.hash, result.blobHash)))
  return row ? Buffer.from(row.body).toString('utf8') : JSON.stringify(result.output)
}

export async function storedValue(tx: Transaction, organizationId: string, result: KeptResult): Promise<Json> {
  return JSON.parse(await storedText(tx, organizationId, result)) as Json
}
