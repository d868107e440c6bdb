import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, webDb, workerDb } from '@/db/client'
import { newId, toUuid } from '@/db/ids'
import * as schema from '@/db/schema'
import { asAdmin, makeOrganization, makeRun, makeWorkflow, type TestOrganization } from '../support/database'

interface Table {
  name: string
  partition: boolean
  enabled: boolean
  forced: boolean
  tenant: boolean
}

const tables: Table[] = []
/** Not bound to an organization; each was looked at. */
const shared = ['organizations', 'users', 'identities', 'sessions', 'setup_tokens', 'settings', 'holders']
/** Also holds rows of no organization, which everybody reads and nobody writes. */
const partlyShared = ['templates', 'model_prices']

let mine: TestOrganization
let theirs: TestOrganization

beforeAll(async () => {
  const found = await asAdmin((db) =>
    db.execute<Table & Record<string, unknown>>(sql`
      select c.relname as name, c.relispartition as partition, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id') as tenant
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`),
  )
  tables.push(...found)
  mine = await makeOrganization()
  theirs = await makeOrganization()
  await makeRun(theirs, await makeWorkflow(theirs))
})

describe('every table', () => {
  it('has forced row-level security, partitions too', () => {
    expect(tables.length).toBeGreaterThan(45)
    expect(tables.filter((table) => table.partition).length).toBeGreaterThanOrEqual(12)
    expect(tables.filter((table) => !table.enabled || !table.forced).map((table) => table.name)).toEqual([])
  })

  it('is bound to an organization or stands in the reviewed list', () => {
    expect(
      tables
        .filter((table) => !table.tenant)
        .map((table) => table.name)
        .sort(),
    ).toEqual([...shared].sort())
  })

  it('lets the owner see everything, so that migrations change what they mean to', async () => {
    const found = await asAdmin((db) =>
      db.execute<{ tablename: string }>(
        sql`select tablename from pg_policies where policyname = 'owner' and roles = '{mr_owner}' and qual = 'true' and with_check = 'true'`,
      ),
    )
    expect([...found].map((row) => row.tablename).sort()).toEqual(tables.map((table) => table.name).sort())
  })

  it('gives login roles no right on a partition and none that was not granted by name', async () => {
    const rights = await asAdmin((db) =>
      db.execute<{ grantee: string; name: string; rights: string }>(sql`
        select grantee, table_name as name, string_agg(privilege_type, ',' order by privilege_type) as rights
        from information_schema.role_table_grants where grantee in ('mr_web', 'mr_worker', 'PUBLIC') and table_schema = 'public' group by 1, 2`),
    )
    const partitions = new Set(tables.filter((table) => table.partition).map((table) => table.name))
    expect([...rights].filter((row) => partitions.has(row.name) || row.grantee === 'PUBLIC')).toEqual([])
    expect([...rights].filter((row) => ['identities', 'sessions', 'setup_tokens'].includes(row.name))).toEqual([])
    const ofAudit = [...rights].filter((row) => row.name.startsWith('audit_')).map((row) => row.rights)
    expect(new Set(ofAudit)).toEqual(new Set(['INSERT,SELECT']))
    expect([...rights].some((row) => /TRUNCATE|TRIGGER|REFERENCES/.test(row.rights))).toBe(false)
  })

  it('is owned by a role that cannot log in, and no role of ours passes row-level security', async () => {
    const owners = await asAdmin((db) =>
      db.execute<{ owner: string }>(sql`select distinct tableowner as owner from pg_tables where schemaname = 'public'`),
    )
    expect([...owners].map((row) => row.owner)).toEqual(['mr_owner'])
    const strong = await asAdmin((db) =>
      db.execute(
        sql`select rolname from pg_roles where rolname like 'mr\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or (rolcanlogin and rolname not in ('mr_web', 'mr_worker')))`,
      ),
    )
    expect([...strong]).toEqual([])
  })
})

describe('definer functions', () => {
  it('pin their search path, belong to no superuser, and are granted by name', async () => {
    const found = await asAdmin((db) =>
      db.execute<{ name: string; owner: string; settings: string[] | null; open: boolean }>(sql`
        select p.proname as name, r.rolname as owner, p.proconfig as settings, has_function_privilege('public', p.oid, 'execute') as open
        from pg_proc p join pg_roles r on r.oid = p.proowner where p.pronamespace = 'public'::regnamespace and p.prosecdef`),
    )
    expect(found.length).toBeGreaterThan(20)
    expect([...found].filter((row) => !row.settings?.some((setting) => /^search_path=pg_catalog, public, pg_temp$/.test(setting)))).toEqual(
      [],
    )
    expect([...found].filter((row) => row.open)).toEqual([])
    expect(
      [...found].filter((row) => row.owner !== 'mr_engine' && !['make_partitions', 'drop_months', 'default_rows'].includes(row.name)),
    ).toEqual([])
  })
})

describe("another organization's rows", () => {
  const tenant = () => tables.filter((table) => table.tenant && !table.partition)

  it.each(['web', 'worker'] as const)('are invisible to %s', async (role) => {
    const db = role === 'web' ? webDb() : workerDb()
    for (const table of tenant()) {
      const [allowed] = await db.execute<{ allowed: boolean }>(sql`select has_table_privilege(${table.name}, 'select') as allowed`)
      if (!allowed?.allowed) continue
      const found = await inOrganization(
        mine.id,
        (tx) => tx.execute(sql`select 1 from ${sql.identifier(table.name)} where organization_id <> ${toUuid(mine.id, 'org')}`),
        { db },
      )
      expect({ table: table.name, rows: found.length }).toEqual({ table: table.name, rows: 0 })
    }
    const organizations = await inOrganization(mine.id, (tx) => tx.select({ id: schema.organizations.id }).from(schema.organizations), {
      db,
    })
    expect(organizations).toEqual([{ id: mine.id }])
    const users = await inOrganization(mine.id, (tx) => tx.select({ id: schema.users.id }).from(schema.users), { db })
    expect(users).toEqual([{ id: mine.owner.id }])
  })

  it('do not appear without an organization, nor after a transaction that had one', async () => {
    await inOrganization(mine.id, async () => {})
    for (const table of tenant().filter((each) => !partlyShared.includes(each.name))) {
      for (const db of [webDb(), workerDb()]) {
        const [allowed] = await db.execute<{ allowed: boolean }>(sql`select has_table_privilege(${table.name}, 'select') as allowed`)
        if (!allowed?.allowed) continue
        expect((await db.execute(sql`select 1 from ${sql.identifier(table.name)}`)).length).toBe(0)
      }
    }
  })

  it('cannot be changed, taken or written', async () => {
    const changed = await inOrganization(mine.id, (tx) =>
      tx.update(schema.workflows).set({ name: 'mine now' }).returning({ id: schema.workflows.id }),
    )
    expect(changed).toEqual([])
    await expect(
      inOrganization(mine.id, (tx) =>
        tx.insert(schema.projects).values({ organizationId: theirs.id, id: newId('prj'), name: 'x', slug: 'x' }),
      ),
    ).rejects.toMatchObject({ cause: { code: '42501' } })
    await makeWorkflow(mine, { name: 'to give away' })
    await expect(inOrganization(mine.id, (tx) => tx.update(schema.workflows).set({ organizationId: theirs.id }))).rejects.toMatchObject({
      cause: { code: '42501' },
    })
  })

  it('cannot be referred to', async () => {
    await expect(
      inOrganization(mine.id, (tx) =>
        tx.insert(schema.workflows).values({ organizationId: mine.id, id: newId('wf'), projectId: theirs.projectId, name: 'crossing' }),
      ),
    ).rejects.toMatchObject({ cause: { code: '23503' } })
  })

  it('stay apart while two sessions work at the same time', async () => {
    const seen = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const organization = index % 2 ? mine : theirs
        const rows = await inOrganization(organization.id, async (tx) => {
          await tx.execute(sql`select pg_sleep(0.005)`)
          return tx.select({ id: schema.organizations.id }).from(schema.organizations)
        })
        return rows.length === 1 && rows[0]?.id === organization.id
      }),
    )
    expect(seen.every(Boolean)).toBe(true)
  })
})

describe('what came with Millrace', () => {
  it('is read by every organization and written by none', async () => {
    const price = { id: newId('price'), provider: 'openai', model: 'm', inputMicros: 1, outputMicros: 2, validFrom: new Date() }
    await asAdmin((db) => db.insert(schema.modelPrices).values(price))
    const found = await inOrganization(mine.id, (tx) => tx.select({ id: schema.modelPrices.id }).from(schema.modelPrices))
    expect(found).toContainEqual({ id: price.id })
    expect(await inOrganization(mine.id, (tx) => tx.update(schema.modelPrices).set({ inputMicros: 0 }).returning())).toEqual([])
    expect(await inOrganization(mine.id, (tx) => tx.delete(schema.modelPrices).returning())).toEqual([])
    await expect(inOrganization(mine.id, (tx) => tx.insert(schema.modelPrices).values({ ...price, id: newId('price') }))).rejects.toThrow()
  })
})

describe('months', () => {
  it('take runs by the time in their id, and are not made twice', async () => {
    const run = await makeRun(mine, await makeWorkflow(mine))
    const [row] = await asAdmin((db) =>
      db.execute<{ name: string }>(sql`select tableoid::regclass::text as name from runs where id = ${toUuid(run.id, 'run')}`),
    )
    const now = new Date()
    expect(row?.name).toBe(`runs_${now.getUTCFullYear()}_${String(now.getUTCMonth() + 1).padStart(2, '0')}`)
    const [again] = await workerDb().execute<{ made: number }>(sql`select make_partitions(3) as made`)
    expect(again?.made).toBe(0)
    const [more] = await workerDb().execute<{ made: number }>(sql`select make_partitions(4) as made`)
    expect(more?.made).toBe(2)
  })

  it('keep no statistics of what runs carry, as no other table does', async () => {
    const kept = await asAdmin(async (db) => {
      await db.execute(sql`select make_partitions(5)`)
      return db.execute<{ part: string }>(sql`
        select c.relname || '.' || a.attname as part from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not a.attisdropped
          and a.attstattarget is distinct from case when a.atttypid in ('jsonb'::regtype, 'text[]'::regtype) then 0 else 10 end
          and (a.atttypid in ('jsonb'::regtype, 'text[]'::regtype) or c.relname like 'run_steps%')`)
    })
    expect([...kept].map(({ part }) => part)).toEqual([])
  })
})
