import { mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyCluster } from './copy-cluster'
import { startPostgres } from './postgres.mjs'

const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-copy-'))
const dataDir = path.join(folder, 'postgres')
const target = path.join(folder, 'copy', 'postgres')
let server: Awaited<ReturnType<typeof startPostgres>>

beforeAll(async () => {
  server = await startPostgres({ dataDir })
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('copies a database while it is written to, whole and open to writes', async () => {
  const sql = postgres(server.url, { max: 2, onnotice: () => {} })
  await sql`create table entries (n int primary key, text text not null)`
  await sql`insert into entries select n, repeat('before ', 200) from generate_series(1, 5000) n`
  let writing = true
  let written = 5000
  const writer = (async () => {
    while (writing) {
      await sql`insert into entries values (${written + 1}, 'meanwhile')`
      written += 1
    }
  })()
  const atStart = written
  await copyCluster({ adminUrl: server.url, dataDir, target })
  writing = false
  await writer
  const slots = await sql`select from pg_replication_slots`
  await sql.end()
  expect(slots).toHaveLength(0)

  // A cluster's password stands beside its folder.
  await cp(`${dataDir}.password`, `${target}.password`)
  const restored = await startPostgres({ dataDir: target })
  const copy = postgres(restored.url, { max: 1 })
  try {
    const [row] = await copy<{ count: number; last: number; whole: boolean }[]>`
      select count(*)::int as count, max(n) as last, count(*) = max(n) as whole from entries`
    expect(row?.whole).toBe(true)
    expect(row?.count).toBeGreaterThanOrEqual(atStart)
    expect(row?.count).toBeLessThanOrEqual(written)
    await copy`insert into entries values (0, 'the copy takes writes')`
  } finally {
    await copy.end()
    await restored.stop()
  }
})
