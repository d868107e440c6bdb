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
  /** The same, not parsed yet. */
  texts(organizationId: string, hashes: readonly string[]): Promise<Map<string, string>>
}

export const blobStore: BlobStore = {
  async put(organizationId, text) {
    const hash = createHash('sha256').update(text, 'utf8').digest()
    // Sent as it is: bytes travel as text of twice their size, with copies on both sides.
    const body = sql`convert_to(${text}::text, 'UTF8')`
    await inOrganization(organizationId, (tx) =>
      tx
        .insert(blobs)
        .values({ organizationId, hash, bytes: Buffer.byteLength(text), body })
        // Young again: retention must not take it before what is written next refers to it.
        .onConflictDoUpdate({ target: [blobs.organizationId, blobs.hash], set: { createdAt: sql`now()` } }),
    )
    return hash.toString('hex')
  },
  async get(organizationId, hashes) {
    const texts = await blobStore.texts(organizationId, hashes)
    return new Map([...texts].map(([hash, text]) => [hash, JSON.parse(text) as Json]))
  },
  async texts(organizationId, hashes) {
    if (hashes.length === 0) return new Map()
    const keys = [...new Set(hashes)].map((hash) => Buffer.from(hash, 'hex'))
    const found = await inOrganization(organizationId, (tx) =>
      tx
        .select({ hash: blobs.hash, text: sql<string>`convert_from(${blobs.body}, 'UTF8')` })
        .from(blobs)
        .where(and(eq(blobs.organizationId, organizationId), inArray(blobs.hash, keys))),
    )
    return new Map(found.map(({ hash, text }) => [Buffer.from(hash).toString('hex'), text]))
  },
}

/** What a step shows of a value that is kept apart. */
export function previewOf(text: string): Json {
  return { preview: text.slice(0, 4_000), bytes: Buffer.byteLength(text), storedApart: true }
}

export function isLarge(text: string): boolean {
  return text.length > limits.inlineValueBytes / 4 && Buffer.byteLength(text) > limits.inlineValueBytes
}
