import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, workerDb } from '@/db/client'
import { tidyEngine } from '@/db/engine'
import { newId, toUuid } from '@/db/ids'
import { blobs, deadLetters, keptResults, looseBlobs, runEvents, runSteps, runs, workflows } from '@/db/schema'
import { dropMonths, tidyBlobs, tidyKept } from '@/db/upkeep'
import { blobStore } from '@/server/services/blobs/blob-store'
import { asAdmin, makeOrganization, makeRun, makeWorkflow, type TestOrganization, type TestWorkflow } from '../tests/support/database'

let organization: TestOrganization
beforeAll(async () => {
  organization = await makeOrganization()
})

const day = 86_400_000
const daysAgo = (days: number) => new Date(Date.now() - days * day)

/** An id as it was made at that time. */
function idAt(at: Date): string {
  return `run_${at.getTime().toString(16).padStart(12, '0')}${newId('run').slice(-20)}`
}

/** A run that ended so many days ago, with one step. */
async function ended(workflow: TestWorkflow, days: number, more: Partial<typeof runs.$inferInsert> = {}): Promise<string> {
  const at = daysAgo(days)
  const { id } = await makeRun(organization, workflow, {
    id: idAt(at),
    status: 'succeeded',
    createdAt: at,
    finishedAt: more.finishedAt === undefined ? at : more.finishedAt,
    ...more,
  })
  await asAdmin(async (db) => {
    if (more.finishedAt !== null) await db.execute(sql`delete from live_runs where run_id = ${toUuid(id, 'run')}`)
    await db.insert(runSteps).values({
      organizationId: organization.id,
      runId: id,
      path: 'a',
      attempt: 1,
      status: 'succeeded',
      epoch: 1,
      seq: 1,
      startedAt: at,
    })
    await db.insert(runEvents).values({ organizationId: organization.id, runId: id, id: newId('evt'), kind: 'accepted' })
  })
  return id
}

async function tidy(): Promise<void> {
  for (let round = 0; round < 10; round++) if ((await tidyKept()) === 0) return
}
const left = (table: typeof runs | typeof runSteps | typeof runEvents, runId: string) =>
  asAdmin((db) => db.execute(sql`select 1 from ${table} where ${table === runs ? sql`id` : sql`run_id`} = ${toUuid(runId, 'run')}`))
const isThere = async (runId: string) => (await left(runs, runId)).length > 0
const keep = (workflow: TestWorkflow, keepDays: number) =>
  asAdmin((db) => db.update(workflows).set({ keepDays }).where(eq(workflows.id, workflow.id)))
const monthOf = (at: Date) => `${at.getUTCFullYear()}_${String(at.getUTCMonth() + 1).padStart(2, '0')}`

async function letterOf(runId: string, workflow: TestWorkflow, state: 'open' | 'resolved'): Promise<string> {
  const id = newId('dl')
  await asAdmin((db) =>
    db.insert(deadLetters).values({
      organizationId: organization.id,
      id,
      runId,
      workflowId: workflow.id,
      projectId: organization.projectId,
      signature: 's',
      class: 'internal',
      state,
      failedPath: 'a',
      nodeTitle: 'A',
      message: 'No.',
    }),
  )
  return id
}

/** A partition as it was made in its time. */
async function makeMonth(at: Date): Promise<void> {
  const month = monthOf(at)
  const from = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)).toISOString()
  const to = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)).toISOString()
  await asAdmin(async (db) => {
    for (const parent of ['runs', 'run_steps']) {
      const name = sql.identifier(`${parent}_${month}`)
      const [bounds] = await db.execute<{ low: string; high: string }>(
        sql`select first_uuid_of(${from}::timestamptz)::text as low, first_uuid_of(${to}::timestamptz)::text as high`,
      )
      await db.execute(
        sql`create table ${name} partition of ${sql.identifier(parent)} for values from (${sql.raw(`'${bounds?.low}'`)}) to (${sql.raw(`'${bounds?.high}'`)})`,
      )
      await db.execute(sql`alter table ${name} owner to mr_owner`)
      await db.execute(sql`alter table ${name} enable row level security, force row level security`)
      await db.execute(sql`create policy owner on ${name} to mr_owner using (true) with check (true)`)
    }
  })
}
const hasMonth = async (at: Date) => {
  const [row] = await asAdmin((db) =>
    db.execute<{ runs: string | null; steps: string | null }>(
      sql`select to_regclass(${`runs_${monthOf(at)}`})::text as runs, to_regclass(${`run_steps_${monthOf(at)}`})::text as steps`,
    ),
  )
  return [row?.runs !== null, row?.steps !== null]
}

describe('retention', () => {
  it('deletes runs past the keep-days of their workflow with all that belongs to them, and leaves younger ones', async () => {
    const workflow = await makeWorkflow(organization)
    await keep(workflow, 10)
    const old = await ended(workflow, 11)
    const young = await ended(workflow, 9)
    await tidy()
    expect(await isThere(old)).toBe(false)
    expect([(await left(runSteps, old)).length, (await left(runEvents, old)).length]).toEqual([0, 0])
    expect(await isThere(young)).toBe(true)
  })

  it('keeps by how a run ended where its version says so, shorter or longer than the workflow', async () => {
    const workflow = await makeWorkflow(organization)
    await keep(workflow, 10)
    const rules = { keepSucceeded: 2, keepFailed: 90 }
    const until = (days: number) => new Date(Date.now() + days * day)
    const succeeded = await ended(workflow, 3, { rules, keepUntil: until(-1) })
    const failed = await ended(workflow, 20, { rules, status: 'failed', keepUntil: until(70) })
    const failedLong = await ended(workflow, 91, { rules, status: 'failed', keepUntil: until(-1) })
    await tidy()
    expect([await isThere(succeeded), await isThere(failed), await isThere(failedLong)]).toEqual([false, true, false])
  })

  it('waits for a run that has not ended, and for a dead letter that is open', async () => {
    const workflow = await makeWorkflow(organization)
    await keep(workflow, 10)
    const live = await ended(workflow, 20, { status: 'waiting', finishedAt: null })
    const open = await ended(workflow, 20, { status: 'failed' })
    const letterId = await letterOf(open, workflow, 'open')
    await tidy()
    expect([await isThere(live), await isThere(open)]).toEqual([true, true])
    await asAdmin(async (db) => {
      await db.update(deadLetters).set({ state: 'resolved' }).where(eq(deadLetters.id, letterId))
      // Its turn comes once a day.
      await db
        .update(runs)
        .set({ keepUntil: daysAgo(0) })
        .where(eq(runs.id, open))
      await db
        .update(runs)
        .set({ keepUntil: daysAgo(0), finishedAt: daysAgo(1), status: 'succeeded' })
        .where(eq(runs.id, live))
    })
    await tidy()
    expect(await isThere(open)).toBe(false)
    // It ended yesterday, so it has nine days left.
    expect(await isThere(live)).toBe(true)
    const [row] = await asAdmin((db) => db.select().from(runs).where(eq(runs.id, live)))
    expect(Math.round(((row?.keepUntil?.getTime() ?? 0) - Date.now()) / day)).toBe(9)
  })

  it('works in batches and goes on where it stopped', async () => {
    const workflow = await makeWorkflow(organization)
    await keep(workflow, 10)
    const old: string[] = []
    for (let n = 0; n < 7; n++) old.push(await ended(workflow, 20 - n / 100))
    for (let round = 0; round < 4; round++) await tidyKept(2)
    expect(await Promise.all(old.map(isThere))).toEqual(old.map(() => false))
  })

  it('takes large values along with the last that refers to them', async () => {
    const workflow = await makeWorkflow(organization)
    await keep(workflow, 10)
    const [lonely, shared] = await Promise.all(
      ['lonely', 'shared'].map((text) => inOrganization(organization.id, () => blobStore.put(organization.id, JSON.stringify(text)))),
    )
    const hash = (hex: string | undefined) => Buffer.from(hex as string, 'hex')
    const old = await ended(workflow, 11)
    const alsoOld = await ended(workflow, 11)
    const young = await ended(workflow, 1)
    await asAdmin(async (db) => {
      await db.update(blobs).set({ createdAt: daysAgo(1) })
      await db
        .update(runSteps)
        .set({ blobHash: hash(lonely) })
        .where(eq(runSteps.runId, old))
      await db
        .update(runSteps)
        .set({ blobHash: hash(shared) })
        .where(eq(runSteps.runId, alsoOld))
      await db
        .update(runSteps)
        .set({ blobHash: hash(shared) })
        .where(eq(runSteps.runId, young))
    })
    await tidy()
    const kept = await asAdmin((db) => db.select({ hash: blobs.hash }).from(blobs).where(eq(blobs.organizationId, organization.id)))
    expect(kept.map((row) => Buffer.from(row.hash).toString('hex'))).toEqual([shared])
  })

  it('takes large values that a run let go of when it ended, once they are old, unless another refers to them', async () => {
    const workflow = await makeWorkflow(organization)
    const put = (text: string) => inOrganization(organization.id, () => blobStore.put(organization.id, JSON.stringify(text)))
    const [marked, unwanted, shared] = [await put('marked'), await put('unwanted'), await put('shared by two')]
    const hash = (hex: string) => Buffer.from(hex, 'hex')
    const of = async (rules: (typeof runs.$inferInsert)['rules'], hashes: string[]) => {
      const { id: runId } = await makeRun(organization, workflow, { status: 'running', rules })
      await asAdmin((db) =>
        db.insert(runSteps).values(
          hashes.map((hex, seq) => {
            const step = {
              organizationId: organization.id,
              runId,
              path: `secret${seq}`,
              attempt: 1,
              status: 'succeeded' as const,
              epoch: 1,
            }
            return { ...step, seq, startedAt: new Date(), blobHash: hash(hex) }
          }),
        ),
      )
      await asAdmin((db) => db.update(runs).set({ status: 'succeeded', finishedAt: new Date() }).where(eq(runs.id, runId)))
    }
    await of(null, [shared])
    await of({ forget: ['secret0'] }, [marked])
    await of({ record: 'failures' }, [unwanted, shared])
    const there = async () => {
      const rows = await asAdmin((db) => db.select({ hash: blobs.hash }).from(blobs).where(eq(blobs.organizationId, organization.id)))
      const found = rows.map((row) => Buffer.from(row.hash).toString('hex'))
      return [marked, unwanted, shared].map((hex) => found.includes(hex))
    }
    expect(await tidyBlobs()).toBe(0)
    await asAdmin(async (db) => {
      await db.update(looseBlobs).set({ at: daysAgo(1) })
      await db.update(blobs).set({ createdAt: daysAgo(1) })
    })
    expect(await tidyBlobs()).toBe(3)
    expect(await there()).toEqual([false, false, true])
  })

  it('keeps the runs that an open dead letter’s run waited for: its repair goes on where they broke', async () => {
    const workflow = await makeWorkflow(organization)
    await keep(workflow, 10)
    const above = await ended(workflow, 20, { status: 'failed' })
    const child = await ended(workflow, 20, { status: 'failed', parentRunId: above, parentPath: 'a' })
    const below = await ended(workflow, 20, { status: 'failed', parentRunId: child, parentPath: 'a' })
    const beside = await ended(workflow, 20, { parentRunId: above })
    const letter = await letterOf(above, workflow, 'open')
    await tidy()
    const there = () => Promise.all([above, child, below, beside].map(isThere))
    expect(await there()).toEqual([true, true, true, false])
    await asAdmin((db) => db.update(deadLetters).set({ state: 'resolved' }).where(eq(deadLetters.id, letter)))
    await asAdmin((db) => db.update(runs).set({ keepUntil: daysAgo(1) }))
    await tidy()
    expect(await there()).toEqual([false, false, false, false])
  })

  it('deletes kept results when their time is over', async () => {
    const kept = (nodeId: string, expiresAt: Date) => ({
      organizationId: organization.id,
      workflowId: newId('wf'),
      nodeId,
      keyHash: Buffer.alloc(32),
      runId: newId('run'),
      port: 'main',
      output: 1,
      expiresAt,
    })
    await asAdmin((db) => db.insert(keptResults).values([kept('over', daysAgo(1)), kept('fresh', daysAgo(-1))]))
    await tidyEngine()
    const rows = await asAdmin((db) => db.select({ nodeId: keptResults.nodeId }).from(keptResults))
    expect(rows).toEqual([{ nodeId: 'fresh' }])
  })

  it('finds what is due by indexes alone', async () => {
    const plans = await asAdmin(async (db) => {
      await db.execute(sql`set enable_seqscan = off`)
      await db.execute(sql`set enable_bitmapscan = off`)
      const explain = async (query: ReturnType<typeof sql>) =>
        [...(await db.execute<Record<string, string>>(sql`explain ${query}`))].map((row) => Object.values(row)[0]).join('\n')
      return [
        await explain(sql`select * from runs where keep_until < now() order by keep_until limit 500`),
        await explain(sql`select x.id from workflows w cross join lateral (select r.id from runs r
          where r.organization_id = w.organization_id and r.workflow_id = w.id and r.id > coalesce(w.tidied_to, '00000000-0000-0000-0000-000000000000')
            and r.id < first_uuid_of(now() - make_interval(days => w.keep_days)) order by r.id limit 200) x limit 500`),
        await explain(sql`select 1 from run_steps s where s.organization_id = ${toUuid(organization.id, 'org')} and s.blob_hash = '\\x00'`),
      ]
    })
    expect(plans[0]).not.toMatch(/Seq Scan on runs/)
    expect(plans[0]).not.toMatch(/-> {2}Sort/)
    expect(plans[1]).not.toMatch(/Seq Scan on runs/)
    expect(plans[1]).toMatch(/Subplans Removed|Index/)
    expect(plans[2]).not.toMatch(/Seq Scan on run_steps/)
  })
})

describe('a month of runs', () => {
  const at = daysAgo(100)
  it('stays while something in it is live, open, or within its days, and is dropped after that', async () => {
    await makeMonth(at)
    const workflow = await makeWorkflow(organization)
    await keep(workflow, 30)
    const runId = await ended(workflow, 100, { status: 'failed', rules: { keepFailed: 365 }, keepUntil: daysAgo(-265) })
    expect(await dropMonths()).toBe(0)

    await asAdmin((db) => db.update(runs).set({ rules: null, keepUntil: null }).where(eq(runs.id, runId)))
    const letterId = await letterOf(runId, workflow, 'open')
    expect(await dropMonths()).toBe(0)

    await asAdmin((db) => db.update(deadLetters).set({ state: 'resolved' }).where(eq(deadLetters.id, letterId)))
    const live = await ended(workflow, 100, { status: 'waiting', finishedAt: null })
    expect(await dropMonths()).toBe(0)
    expect(await hasMonth(at)).toEqual([true, true])

    await asAdmin(async (db) => {
      await db.execute(sql`delete from live_runs where run_id = ${toUuid(live, 'run')}`)
      await db
        .update(runs)
        .set({ status: 'cancelled', finishedAt: daysAgo(31) })
        .where(eq(runs.id, live))
    })
    expect(await dropMonths()).toBe(1)
    expect(await hasMonth(at)).toEqual([false, false])
    expect((await left(runEvents, runId)).length).toBe(0)
    expect(await dropMonths()).toBe(0)
  })

  it('stays while the run of an open dead letter, in another month, waited for a run in it', async () => {
    await makeMonth(at)
    const workflow = await makeWorkflow(organization)
    await keep(workflow, 30)
    const above = await ended(workflow, 140, { status: 'failed' })
    await ended(workflow, 100, { status: 'failed', parentRunId: above, parentPath: 'a' })
    const letterId = await letterOf(above, workflow, 'open')
    await dropMonths()
    expect(await hasMonth(at)).toEqual([true, true])
    await asAdmin((db) => db.update(deadLetters).set({ state: 'resolved' }).where(eq(deadLetters.id, letterId)))
    await dropMonths()
    expect(await hasMonth(at)).toEqual([false, false])
  })

  it('that is this one or the last is never dropped', async () => {
    const now = new Date()
    await dropMonths()
    expect(await hasMonth(now)).toEqual([true, true])
    expect(await hasMonth(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 15)))).toEqual([true, true])
  })

  it('is dropped by nobody but the worker', async () => {
    await expect(dropMonths(workerDb())).resolves.toBe(0)
    const [row] = await asAdmin((db) =>
      db.execute<{ web: boolean }>(sql`select has_function_privilege('mr_web', 'drop_months()', 'execute') as web`),
    )
    expect(row?.web).toBe(false)
  })
})
