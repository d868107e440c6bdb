import type { Transaction } from '@/db/client'
import { textsOf } from '@/server/services/blobs/blob-store'
import type { Json } from '@/workflows/graph/schema'
import type { KeptResult } from './list-draft-results'

/** A result's output whole, as JSON text. */
export async function storedText(tx: Transaction, organizationId: string, result: KeptResult): Promise<string> {
  if (!result.blobHash) return JSON.stringify(result.output)
  const [text] = (await textsOf(tx, organizationId, [result.blobHash.toString('hex')])).values()
  return text ?? JSON.stringify(result.output)
}

export async function storedValue(tx: Transaction, organizationId: string, result: KeptResult): Promise<Json> {
  return JSON.parse(await storedText(tx, organizationId, result)) as Json
}
