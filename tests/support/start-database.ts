import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../db/migrate'
import { startPostgres } from '../../scripts/lib/postgres.mjs'

export const templateDatabase = 'millrace_template'
export const testPasswords = { web: 'web-test', worker: 'worker-test' }

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string
  }
}

/** One Postgres for the whole run, with a migrated database that every test file copies. */
export default async function startDatabase(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-test-'))
  const server = await startPostgres({
    dataDir: path.join(folder, 'postgres'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  })
  const { default: postgres } = await import('postgres')
  const sql = postgres(server.url, { max: 1, onnotice: () => {} })
  await sql.unsafe(`create database ${templateDatabase}`)
  await sql.end()
  const url = new URL(server.url)
  url.pathname = `/${templateDatabase}`
  await migrate({ adminUrl: url.href, passwords: testPasswords })
  project.provide('adminUrl', server.url)
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
