import { describe, expect, it } from 'vitest'
import { type Pool, withDatabase, workerDb } from '@/db/client'
import { blobStore } from '@/server/services/blobs/blob-store'
import { makeOrganization } from '../tests/support/database'
import { stepRows } from './step-rows'

/** Breaks the line once, as a database does that is started again. */
function brokenOnce(db: Pool): Pool {
  let left = 1
  return new Proxy(db, {
    get(target, name) {
      if (name === 'transaction' && left-- > 0)
        return () => Promise.reject(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe('what is written of steps', () => {
  it('waits with a large result of a step for a database that is away for a moment, so that its effect does not happen again', async () => {
    const { id } = await makeOrganization()
    const output = 'x'.repeat(300_000)
    const record = { path: 'call', attempt: 1, status: 'succeeded' as const, port: 'main', output, startedAt: new Date(), durationUs: 1 }
    const [row] = JSON.parse(await withDatabase(brokenOnce(workerDb()), () => stepRows(id, [record], 1)))
    expect(row).toMatchObject({ path: 'call', seq: 1, output: { storedApart: true }, blob_hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const kept = await withDatabase(workerDb(), () => blobStore.texts(id, [row.blob_hash]))
    expect(kept.get(row.blob_hash)).toBe(JSON.stringify(output))
  })
})
