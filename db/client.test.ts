import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeOrganization, rolledBack, type TestOrganization, testDatabase } from '../tests/support/database'
import { createPool, inOrganization, type Pool, type Transaction, warmWeb, webDb } from './client'
import { newId } from './ids'
import { projects, variables } from './schema'

let organization: TestOrganization
beforeAll(async () => {
  organization = await makeOrganization()
})

describe('inOrganization', () => {
  it('sets the organization before the first statement, whatever that statement is', async () => {
    const asked = await Promise.all([
      inOrganization(organization.id, (tx) => tx.select({ id: projects.id }).from(projects)),
      inOrganization(organization.id, (tx) => tx.select({ id: projects.id }).from(projects).where(eq(projects.name, 'Main'))),
      inOrganization(organization.id, async (tx) => [...(await tx.execute(sql`select id from projects`))]),
    ])
    expect(asked.map((rows) => rows.length)).toEqual([1, 1, 1])
  })

  it('leaves nothing when the work throws', async () => {
    const id = newId('prj')
    await expect(
      inOrganization(organization.id, async (tx) => {
        await tx.insert(projects).values({ organizationId: organization.id, id, name: 'Half', slug: 'half' })
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(await inOrganization(organization.id, (tx) => tx.select().from(projects).where(eq(projects.id, id)))).toEqual([])
  })

  it('refuses what is no id of an organization before it asks the database', async () => {
    await expect(inOrganization('run_00000000000000000000000000000000', async () => 1)).rejects.toThrow(RangeError)
  })

  it('answers JSON as it was given, text that looks like a number too', async () => {
    for (const value of ['12', 'true', 'null', '"quoted"', 12, true, null, { a: ['1', 1] }, [], '']) {
      const id = newId('var')
      const found = await inOrganization(organization.id, async (tx) => {
        await tx.insert(variables).values({
          organizationId: organization.id,
          id,
          environmentId: organization.environmentId,
          name: id,
          value: value === null ? sql`'null'::jsonb` : value,
        })
        return tx.select({ value: variables.value }).from(variables).where(eq(variables.id, id))
      })
      expect(found).toEqual([{ value }])
    }
  })

  it('answers times as dates and ids with their prefix', async () => {
    const [row] = await inOrganization(organization.id, (tx) => tx.select().from(projects).where(eq(projects.id, organization.projectId)))
    expect(row?.createdAt).toBeInstanceOf(Date)
    expect(row?.id).toMatch(/^prj_[0-9a-f]{32}$/)
  })
})

describe('a test that is rolled back', () => {
  it('gives services its own transaction and leaves nothing', async () => {
    const id = newId('prj')
    await rolledBack(async () => {
      await inOrganization(organization.id, (tx) =>
        tx.insert(projects).values({ organizationId: organization.id, id, name: 'Gone', slug: 'gone' }),
      )
      expect(await inOrganization(organization.id, (tx) => tx.select().from(projects).where(eq(projects.id, id)))).toHaveLength(1)
    })
    expect(await inOrganization(organization.id, (tx) => tx.select().from(projects).where(eq(projects.id, id)), { db: webDb() })).toEqual(
      [],
    )
    expect(testDatabase().adminUrl).toContain('test_')
  })
})

describe('what is asked all the time', () => {
  const backend = async (db: Pool) => Number([...(await db.execute(sql`select pg_backend_pid() as pid`))][0]?.pid)

  it('goes over the same connection each time, and over another only meanwhile', async () => {
    const first = await warmWeb(backend)
    expect(await warmWeb(backend)).toBe(first)
    const together = await Promise.all([1, 2, 3, 4, 5, 6].map(() => warmWeb(backend)))
    expect(together[0]).toBe(first)
    expect(new Set(together).size).toBeGreaterThan(4)
    expect(await warmWeb(backend)).toBe(first)
  })

  it('leaves its connection to the next also when it fails', async () => {
    const first = await warmWeb(backend)
    await expect(warmWeb((db) => db.execute(sql`select 1 / 0`))).rejects.toThrow()
    expect(await warmWeb(backend)).toBe(first)
  })
})

describe('a transaction whose line closes', () => {
  const asleep = (tx: Transaction) => tx.execute(sql`select pg_sleep(5)`)
  it.each<[string, (tx: Transaction) => Promise<unknown>]>([
    ['while one statement is under way', asleep],
    ['while several are', (tx) => Promise.all([asleep(tx), tx.execute(sql`select 2`)])],
    ['and that asks on', (tx) => asleep(tx).catch(() => tx.execute(sql`select 2`))],
    ['inside a part of it', (tx) => tx.transaction(asleep)],
    ['and that says so in its own words', (tx) => asleep(tx).catch(() => Promise.reject(new Error('in its own words')))],
  ])('%s is refused, and neither ends the process nor leaves its pool broken', async (_, work) => {
    const uncaught: unknown[] = []
    const hear = (error: unknown) => uncaught.push(error)
    process.on('uncaughtExceptionMonitor', hear)
    const pool = createPool(process.env.DATABASE_WORKER_URL as string, { max: 1, answersWithinMs: 300 })
    try {
      await expect(pool.transaction(work)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
      const next = async () => [...(await pool.execute(sql`select 7 as n`))]
      await expect.poll(() => next().catch(() => null), { timeout: 10_000 }).toEqual([{ n: 7 }])
      await expect(pool.transaction((tx) => tx.execute(sql`select nowhere`))).rejects.toThrow()
      expect(await pool.transaction(async (tx) => [...(await tx.execute(sql`select 8 as n`))])).toEqual([{ n: 8 }])
    } finally {
      await pool.$client.end({ timeout: 1 })
      process.off('uncaughtExceptionMonitor', hear)
    }
    expect(uncaught).toEqual([])
  })
})
