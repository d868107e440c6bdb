import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { blobParts, blobs } from '@/db/schema'
import { asAdmin, makeOrganization, type TestOrganization } from '@/tests/support/database'
import { blobStore, textsOf } from './blob-store'
import { partLength } from './text-parts'

let organization: TestOrganization
beforeAll(async () => {
  organization = await makeOrganization()
})

const large = (seed: string) => JSON.stringify(`${seed} ${'ä😀"\\'.repeat(partLength)}`)
const hashed = (hash: string) => Buffer.from(hash, 'hex')
const partsOf = (hash: string) =>
  asAdmin((db) =>
    db
      .select({ number: blobParts.number, bytes: sql<number>`octet_length(body)` })
      .from(blobParts)
      .where(eq(blobParts.hash, hashed(hash)))
      .orderBy(blobParts.number),
  )

describe('a large value', () => {
  it('comes back as it was put, however many parts it has', async () => {
    const text = large('one')
    const hash = await blobStore.put(organization.id, text)
    expect((await blobStore.texts(organization.id, [hash])).get(hash)).toBe(text)
    expect((await blobStore.get(organization.id, [hash])).get(hash)).toBe(JSON.parse(text))
    const short = await blobStore.put(organization.id, '"short"')
    const both = await blobStore.texts(organization.id, [short, hash])
    expect([both.get(short), both.get(hash)]).toEqual(['"short"', text])
  })

  it('is never whole in one row or statement', async () => {
    const text = large('two')
    const hash = await blobStore.put(organization.id, text)
    const parts = await partsOf(hash)
    expect(parts.map(({ number }) => number)).toEqual(parts.map((_, index) => index + 1))
    expect(parts.length + 1).toBe(Math.ceil(text.length / partLength))
    for (const { bytes } of parts) expect(bytes).toBeLessThanOrEqual(4 * partLength)
    const [row] = await asAdmin((db) =>
      db
        .select({ bytes: blobs.bytes })
        .from(blobs)
        .where(eq(blobs.hash, hashed(hash))),
    )
    expect(row?.bytes).toBe(Buffer.byteLength(text))
  })

  it('that was put before is not written again, and counts as new', async () => {
    const text = large('three')
    const hash = await blobStore.put(organization.id, text)
    await asAdmin((db) =>
      db
        .update(blobs)
        .set({ createdAt: new Date(0) })
        .where(eq(blobs.hash, hashed(hash))),
    )
    const before = await partsOf(hash)
    expect(await blobStore.put(organization.id, text)).toBe(hash)
    expect(await partsOf(hash)).toEqual(before)
    const [row] = await asAdmin((db) =>
      db
        .select({ createdAt: blobs.createdAt })
        .from(blobs)
        .where(eq(blobs.hash, hashed(hash))),
    )
    expect(row?.createdAt.getTime()).toBeGreaterThan(0)
  })

  it('of which a part is gone is not there', async () => {
    const hash = await blobStore.put(organization.id, large('four'))
    await asAdmin((db) => db.delete(blobParts).where(eq(blobParts.hash, hashed(hash))))
    expect((await blobStore.texts(organization.id, [hash])).has(hash)).toBe(false)
  })

  it('goes with all its parts', async () => {
    const hash = await blobStore.put(organization.id, large('five'))
    await asAdmin((db) => db.delete(blobs).where(eq(blobs.hash, hashed(hash))))
    expect(await partsOf(hash)).toEqual([])
  })

  it('is not there for another organization', async () => {
    const other = await makeOrganization()
    const hash = await blobStore.put(organization.id, large('six'))
    expect((await blobStore.texts(other.id, [hash])).size).toBe(0)
    expect(await inOrganization(other.id, (tx) => textsOf(tx, organization.id, [hash]))).toEqual(new Map())
    expect(await inOrganization(other.id, (tx) => tx.select({ hash: blobParts.hash }).from(blobParts))).toEqual([])
  })
})
