import { createHash } from 'node:crypto'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { blobParts, blobs } from '@/db/schema'
import type { Json } from '@/workflows/graph/schema'
import { limits } from '@/workflows/limits'
import { textParts } from './text-parts'

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
    const hash = hashOf(text)
    const [first = '', ...others] = textParts(text)
    await inOrganization(organizationId, async (tx) => {
      const [row] = await tx
        .insert(blobs)
        .values({ organizationId, hash, bytes: Buffer.byteLength(text), body: bodyOf(first) })
        // Young again: retention must not take it before what is written next refers to it.
        .onConflictDoUpdate({ target: [blobs.organizationId, blobs.hash], set: { createdAt: sql`now()` } })
        .returning({ isNew: sql<boolean>`xmax = 0` })
      if (!row?.isNew) return
      for (const [index, part] of others.entries()) {
        await tx.insert(blobParts).values({ organizationId, hash, number: index + 1, body: bodyOf(part) })
      }
    })
    return hash.toString('hex')
  },
  async get(organizationId, hashes) {
    const texts = await blobStore.texts(organizationId, hashes)
    return new Map([...texts].map(([hash, text]) => [hash, JSON.parse(text) as Json]))
  },
  async texts(organizationId, hashes) {
    if (hashes.length === 0) return new Map()
    return inOrganization(organizationId, (tx) => textsOf(tx, organizationId, hashes))
  },
}

const partsTogether = 4

/** Values of a transaction's organization, by hash. */
export async function textsOf(tx: Transaction, organizationId: string, hashes: readonly string[]): Promise<Map<string, string>> {
  const keys = [...new Set(hashes)].map((hash) => Buffer.from(hash, 'hex'))
  const found = await tx
    .select({ hash: blobs.hash, text: textOf(blobs.body), rest: sql<number>`(${blobs.bytes} - octet_length(${blobs.body}))::int` })
    .from(blobs)
    .where(and(eq(blobs.organizationId, organizationId), inArray(blobs.hash, keys)))
  const texts = new Map<string, string>()
  for (const { hash, text, rest } of found) {
    const whole = rest > 0 ? await withRest(tx, organizationId, hash, { text, rest }) : text
    if (whole !== null) texts.set(Buffer.from(hash).toString('hex'), whole)
  }
  return texts
}

/** Null where a part is missing. */
async function withRest(
  tx: Transaction,
  organizationId: string,
  hash: Uint8Array,
  first: { text: string; rest: number },
): Promise<string | null> {
  const parts = [first.text]
  let { rest } = first
  for (let after = 0; rest > 0; ) {
    const next = await tx
      .select({ number: blobParts.number, text: textOf(blobParts.body), bytes: sql<number>`octet_length(${blobParts.body})` })
      .from(blobParts)
      .where(and(eq(blobParts.organizationId, organizationId), eq(blobParts.hash, hash), gt(blobParts.number, after)))
      .orderBy(asc(blobParts.number))
      .limit(partsTogether)
    if (next.length === 0) return null
    for (const { number, text, bytes } of next) {
      parts.push(text)
      rest -= bytes
      after = number
    }
  }
  return parts.join('')
}

// As text in both directions: bytes travel as text of twice their size, with copies on both sides.
const bodyOf = (part: string) => sql`convert_to(${part}::text, 'UTF8')`
const textOf = (body: typeof blobs.body | typeof blobParts.body) => sql<string>`convert_from(${body}, 'UTF8')`

function hashOf(text: string): Buffer {
  const made = createHash('sha256')
  for (const part of textParts(text)) made.update(part, 'utf8')
  return made.digest()
}

/** What a step shows of a value that is kept apart. */
export function previewOf(text: string): Json {
  return { preview: text.slice(0, 4_000), bytes: Buffer.byteLength(text), storedApart: true }
}

export function isLarge(text: string): boolean {
  return text.length > limits.inlineValueBytes / 4 && Buffer.byteLength(text) > limits.inlineValueBytes
}
