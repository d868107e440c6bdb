import { createHash } from 'node:crypto'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { blobs } from '@/db/schema'
import type { Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'

/** Values over 128 KB, by content; the same value twice in an organization is kept once. */
export interface BlobStore {
  /** Answers the hash in hex. */
  put(organizationId: string, text: string): Promise<string>
  /** Values by hash; what is not there is missing from the answer. */
  get(organizationId: string, hashes: readonly string[]): Promise<Map<string, Json>>
}

export const blobStore: BlobStore = {
  async put(organizationId, text) {
    const body = Buffer.from(text, 'utf8')
    const hash = createHash('sha256').update(body).digest()
    await inOrganization(organizationId, (tx) =>
      tx
        .insert(blobs)
        .values({ organizationId, hash, bytes: body.length, body })
        // Young again: retention must not take it before what is written next refers to it.
        .onConflictDoUpdate({ target: [blobs.organizationId, blobs.hash], set: { createdAt: sql`now()` } }),
    )
    return hash.toString('hex')
  },
  async get(organizationId, hashes) {
    if (hashes.length === 0) return new Map()
    const keys = [...new Set(hashes)].map((hash) => Buffer.from(hash, 'hex'))
    const found = await inOrganization(organizationId, (tx) =>
      tx
        .select({ hash: blobs.hash, body: blobs.body })
        .from(blobs)
        .where(and(eq(blobs.organizationId, organizationId), inArray(blobs.hash, keys))),
    )
    return new Map(found.map((row) => [Buffer.from(row.hash).toString('hex'), JSON.parse(Buffer.from(row.body).toString('utf8')) as Json]))
  },
}

/** What a step shows of a value that is kept apart. */
export function previewOf(text: string): Json {
  return { preview: text.slice(0, 4_000), bytes: Buffer.byteLength(text), storedApart: true }
}

export function isLarge(text: string): boolean {
  return text.length > limits.inlineValueBytes / 4 && Buffer.byteLength(text) > limits.inlineValueBytes
}
