import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { adminSql, urlOf } from '../tests/support/database'
import { asOwner, knownMigrations, migrate } from './migrate'

const name = 'migrate_test'
const adminUrl = urlOf(inject('adminUrl'), { database: name })
const folders: string[] = []

beforeAll(async () => {
  const sql = adminSql(inject('adminUrl'))
  await sql.unsafe(`create database ${name}`)
  await sql.end()
})
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  const sql = adminSql(inject('adminUrl'))
  await sql.unsafe(`drop database ${name} with (force)`)
  await sql.end()
})

function copyOfMigrations(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-migrations-'))
  folders.push(folder)
  cpSync(path.join(process.cwd(), 'drizzle'), folder, { recursive: true })
  return folder
}

describe('migrate', () => {
  it('makes an empty database, runs each migration once, and is safe from several processes', async () => {
    const results = await Promise.all([migrate({ adminUrl }), migrate({ adminUrl }), migrate({ adminUrl })])
    expect(results.map((result) => result.applied).sort()).toEqual([0, 0, knownMigrations().length].sort())
    expect((await migrate({ adminUrl })).applied).toBe(0)
  })

  it('leaves nothing of a migration that fails half-way', async () => {
    const folder = copyOfMigrations()
    const journalFile = path.join(folder, 'meta', '_journal.json')
    const journal = JSON.parse(readFileSync(journalFile, 'utf8'))
    journal.entries.push({ idx: 90, version: '7', when: Date.now() + 1_000_000_000, tag: '0090_broken', breakpoints: true })
    writeFileSync(journalFile, JSON.stringify(journal))
    writeFileSync(path.join(folder, '0090_broken.sql'), 'create table half_made (id int);\n--> statement-breakpoint\nselect 1 / 0;')
    await expect(migrate({ adminUrl, folder })).rejects.toThrow()
    const sql = postgres(adminUrl, { max: 1 })
    expect(await sql`select to_regclass('half_made') as found`).toEqual([{ found: null }])
    await sql.end()
    expect((await migrate({ adminUrl })).applied).toBe(0)
  })

  it('refuses a database that a newer Millrace made, in one sentence', async () => {
    const sql = postgres(adminUrl, { max: 1 })
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9999999999999)`
    await expect(migrate({ adminUrl })).rejects.toThrow(
      'This database was made by a newer Millrace than this one; update the code, or restore a backup from before.',
    )
    await sql`delete from drizzle.__drizzle_migrations where hash = 'newer'`
    await sql.end()
    expect((await migrate({ adminUrl })).applied).toBe(0)
  })

  it('works for a user that is no superuser but may make roles', async () => {
    const sql = adminSql(inject('adminUrl'))
    await sql.unsafe(`create role plain_admin login createrole password 'plain'`)
    await sql.unsafe('create database plain_test owner plain_admin')
    await sql.unsafe('grant mr_owner, mr_engine, mr_web, mr_worker to plain_admin with admin option')
    try {
      const url = urlOf(inject('adminUrl'), { user: 'plain_admin', password: 'plain', database: 'plain_test' })
      expect((await migrate({ adminUrl: url, passwords: { web: 'web-test', worker: 'worker-test' } })).applied).toBe(
        knownMigrations().length,
      )
    } finally {
      await sql.unsafe('drop database plain_test with (force)')
      await sql.unsafe('drop owned by plain_admin')
      await sql.unsafe('drop role plain_admin')
      await sql.end()
    }
  })
})

describe('asOwner', () => {
  it('reaches the tables as their owner', async () => {
    const rows = await asOwner(adminUrl, async (db) => [...(await db.execute<{ role: string }>('select current_user as role'))])
    expect(rows).toEqual([{ role: 'mr_owner' }])
  })
})
