import { readFileSync } from 'node:fs'
import path from 'node:path'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import postgres, { type Sql } from 'postgres'
import * as schema from '@/db/schema'
import type { Config } from '@/server/config'

export interface MigrateOptions {
  /** A user that may make roles; migrations themselves run as mr_owner. */
  adminUrl: string
  /** Passwords of the two roles that log in; left as they are when absent. */
  passwords?: { web: string; worker: string }
  /** Where the named migrations are. */
  folder?: string
}

/** A database that cannot be used with this code; the message is one sentence for people. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused'
}

const lockKey = 7_164_190_223
const roles = ['mr_owner', 'mr_engine', 'mr_web', 'mr_worker'] as const

/** Makes roles and tables, or brings them up to this code. Safe to call from several processes at once. Answers how many migrations ran. */
export async function migrate({ adminUrl, passwords, folder = migrationsFolder() }: MigrateOptions): Promise<{ applied: number }> {
  return asAdmin(adminUrl, async (sql) => {
    await sql`select pg_advisory_lock(${lockKey})`
    await refuseNewer(sql, folder)
    await ensureRoles(sql, passwords)
    await sql`set role mr_owner`
    const before = await appliedMigrations(sql)
    await applyMigrations(drizzle(sql), { migrationsFolder: folder })
    await sql`select make_partitions(3)`
    return { applied: (await appliedMigrations(sql)).length - before.length }
  })
}

/** The options of an instance: where its admin, web and worker log in. */
export function migrateOptions({ databaseAdminUrl, databaseUrl, databaseWorkerUrl }: Config): MigrateOptions {
  if (!databaseAdminUrl)
    throw new MigrationRefused('DATABASE_ADMIN_URL is missing: the address of a database user that may make tables and roles.')
  const passwordIn = (url: string, role: string) => (new URL(url).username === role ? decodeURIComponent(new URL(url).password) : '')
  const web = passwordIn(databaseUrl, 'mr_web')
  const worker = passwordIn(databaseWorkerUrl, 'mr_worker')
  return { adminUrl: databaseAdminUrl, ...(web && worker ? { passwords: { web, worker } } : {}) }
}

/** For seeds and scripts: all organizations' rows, as the owner of the tables. */
export async function asOwner<T>(adminUrl: string, fn: (db: PostgresJsDatabase<typeof schema>) => Promise<T>): Promise<T> {
  return asAdmin(adminUrl, async (sql) => {
    await sql`set role mr_owner`
    return fn(drizzle(sql, { schema, casing: 'snake_case' }))
  })
}

/** The names of migrations that this code knows, oldest first. */
export function knownMigrations(folder = migrationsFolder()): { tag: string; when: number }[] {
  const journal = JSON.parse(readFileSync(path.join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { tag: string; when: number }[]
  }
  return journal.entries.map(({ tag, when }) => ({ tag, when }))
}

async function asAdmin<T>(adminUrl: string, fn: (sql: Sql) => Promise<T>): Promise<T> {
  // One connection: the lock and the role belong to it.
  const sql = postgres(adminUrl, { max: 1, idle_timeout: 0, connection: { application_name: 'millrace-migrate' }, onnotice: () => {} })
  try {
    return await fn(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function appliedMigrations(sql: Sql): Promise<number[]> {
  const [found] = await sql<{ found: string | null }[]>`select to_regclass('drizzle.__drizzle_migrations')::text as found`
  if (!found?.found) return []
  const rows = await sql<{ created_at: string }[]>`select created_at from drizzle.__drizzle_migrations order by created_at`
  return rows.map((row) => Number(row.created_at))
}

async function refuseNewer(sql: Sql, folder: string): Promise<void> {
  const known = new Set(knownMigrations(folder).map((migration) => migration.when))
  const newest = Math.max(0, ...known)
  const applied = await appliedMigrations(sql)
  if (applied.some((when) => when > newest))
    throw new MigrationRefused(
      'This database was made by a newer Millrace than this one; update the code, or restore a backup from before.',
    )
  if (applied.some((when) => !known.has(when)))
    throw new MigrationRefused(
      'This database has tables of another line of Millrace; use the code that made it, or give DATABASE_URL an empty database.',
    )
}

async function ensureRoles(sql: Sql, passwords: MigrateOptions['passwords']): Promise<void> {
  const [me] = await sql<{ database: string; admin: boolean; name: string }[]>`
    select current_database() as database, rolsuper as admin, current_user as name from pg_roles where rolname = current_user`
  if (!me) throw new Error('the database does not know its own user')
  const there = new Set(
    (await sql<{ rolname: string }[]>`select rolname from pg_roles where rolname in ${sql(roles)}`).map((row) => row.rolname),
  )
  for (const role of roles) {
    const login = role === 'mr_web' || role === 'mr_worker'
    if (!there.has(role)) {
      // Two databases of one server may be prepared at the same time, and roles belong to the server.
      await sql
        .unsafe(`create role ${role} ${login ? 'login' : 'nologin'} nosuperuser nocreatedb nocreaterole nobypassrls`)
        .catch((error: { code?: string }) => {
          if (error.code !== '42710' && error.code !== '23505') throw error
        })
    }
  }
  if (passwords) {
    await sql.unsafe(`alter role mr_web password ${quoted(passwords.web)}`)
    await sql.unsafe(`alter role mr_worker password ${quoted(passwords.worker)}`)
  }
  const database = me.database.replaceAll('"', '""')
  if (!me.admin) await sql.unsafe(`grant mr_owner, mr_engine to "${me.name.replaceAll('"', '""')}"`)
  await sql.unsafe(`
    grant mr_engine to mr_owner;
    grant connect, create on database "${database}" to mr_owner;
    grant connect on database "${database}" to mr_web, mr_worker;
    revoke create on schema public from public;
    grant usage, create on schema public to mr_owner, mr_engine;
    grant usage on schema public to mr_web, mr_worker;
  `)
}

function quoted(text: string): string {
  if (text.includes('\0') || text.includes('\\')) throw new Error('a database password may not contain a backslash')
  return `'${text.replaceAll("'", "''")}'`
}

function migrationsFolder(): string {
  return path.join(process.cwd(), 'drizzle')
}
