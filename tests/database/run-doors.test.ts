import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fireSchedule } from '@/activities/fire-schedule'
import { writeMissedFires } from '@/activities/reconcile'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { sweepLinks } from '@/db/engine'
import { newId, toUuid } from '@/db/ids'
import { deadLetters, liveRuns, projects, runs, runWaits, scheduleFires, schedules, tasks, workflows, workflowVersions } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { callbackToken } from '@/server/services/callbacks/callback-token'
import { getDeadLetter } from '@/server/services/dead-letters/get-dead-letter'
import { listGroups } from '@/server/services/dead-letters/list-groups'
import { resolveDeadLetter } from '@/server/services/dead-letters/resolve-dead-letter'
import { resolveMany } from '@/server/services/dead-letters/resolve-many'
import { getOverview } from '@/server/services/home/get-overview'
import { answerOnce } from '@/server/services/idempotency/answer-once'
import { removePerson } from '@/server/services/people/remove-person'
import { acceptRun } from '@/server/services/runs/accept-run'
import { pauseRun } from '@/server/services/runs/pause-run'
import { replayRun } from '@/server/services/runs/replay-run'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { fireSchedule as fireNow } from '@/server/services/schedules/fire-schedule'
import { resumeSchedule } from '@/server/services/schedules/resume-schedule'
import { decideTask } from '@/server/services/tasks/decide-task'
import { getTask } from '@/server/services/tasks/get-task'
import { removeWorkflow } from '@/server/services/workflows/remove-workflow'
import type { WorkflowSettings } from '@/workflows/graph/workflow-settings'
import { addMember, asAdmin, callerOf, makeOrganization, makeRun, makeUser, makeWorkflow, type TestOrganization } from '../support/database'
import { makeEverything, smallGraph } from '../support/make-things'
import { graphOf, idOf } from '../support/plan-of'
import { startWeb, type TestWeb } from '../support/web-server'

let organization: TestOrganization
let web: TestWeb
beforeAll(async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  organization = await makeOrganization()
  web = await startWeb()
})
afterAll(() => web?.stop())

const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const hourMs = 3_600_000

type Admin = Parameters<Parameters<typeof asAdmin>[0]>[0]

/** Does something while another session, which had begun before, changes the run. */
async function during<T>(
  runId: string,
  change: (db: Pick<Admin, 'update' | 'delete'>) => Promise<unknown>,
  act: () => Promise<T>,
): Promise<PromiseSettledResult<T>> {
  const acted = await asAdmin((db) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from live_runs where run_id = ${toUuid(runId, 'run')} for update`)
      const acting = Promise.allSettled([act()])
      await new Promise((resolve) => setTimeout(resolve, 300))
      await change(tx)
      return () => acting
    }),
  )
  const [outcome] = await acted()
  return outcome
}

describe('a run that may take the place of older ones', () => {
  async function started(settings: WorkflowSettings) {
    const graph = { ...graphOf('start -> end', { start: { type: 'trigger.manual' }, end: { type: 'data.set' } }), settings }
    const workflow = await makeWorkflow(organization, { graph })
    return () =>
      read((tx) =>
        acceptRun(tx, {
          organizationId: organization.id,
          workflowId: workflow.id,
          versionId: workflow.versionId as string,
          trigger: 'manual',
          triggerNodeId: null,
          input: {},
        }),
      )
  }
  const liveOf = async (runId: string) => (await read((tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]

  it('leaves them alone where its rate lets it fall', async () => {
    const start = await started({
      concurrency: { limit: 1, whenFull: 'cancel_older', key: '' },
      rate: { runs: 1, everyMs: hourMs, whenFull: 'skip', key: '' },
    })
    const first = await start()
    expect((await start()).skipped).toBe(true)
    expect(await liveOf(first.runId)).toMatchObject({ cancelAt: null })
  })

  it('leaves them alone where there is room beside them and only its time has not come', async () => {
    const start = await started({
      concurrency: { limit: 2, whenFull: 'cancel_older', key: '' },
      rate: { runs: 1, everyMs: hourMs, whenFull: 'queue', key: '' },
    })
    const first = await start()
    const second = await start()
    expect(await liveOf(second.runId)).toMatchObject({ hasSlot: false })
    await withDatabase(workerDb(), () => sweepLinks())
    expect(await liveOf(first.runId)).toMatchObject({ cancelAt: null })
  })
})

describe('a run that ends at the same moment', () => {
  const end = (runId: string) => async (db: Pick<Admin, 'update' | 'delete'>) => {
    await db.delete(liveRuns).where(eq(liveRuns.runId, runId))
    await db.update(runs).set({ status: 'succeeded', finishedAt: new Date() }).where(eq(runs.id, runId))
  }

  it('is not said to be held', async () => {
    const { id } = await makeRun(organization, await makeWorkflow(organization, { graph: graphOf('a', { a: { type: 'trigger.manual' } }) }))
    const outcome = await during(id, end(id), () => pauseRun(organization.caller, { runId: id }))
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'CONFLICT', message: expect.stringContaining('succeeded') } })
  })

  it('is told as it ended to whoever wanted to cancel it', async () => {
    const { id } = await makeRun(organization, await makeWorkflow(organization, { graph: graphOf('a', { a: { type: 'trigger.manual' } }) }))
    const outcome = await during(id, end(id), () => requestCancel(organization.caller, { runId: id }))
    expect(outcome).toMatchObject({ status: 'fulfilled', value: { status: 'succeeded' } })
  })
})

describe('a task', () => {
  it('whose time ends while somebody decides takes no word that would count for nothing', async () => {
    const { taskId, runId } = await makeEverything(organization)
    const wait = { organizationId: organization.id, runId, path: 'setfields1', attempt: 1, kind: 'approval' as const }
    await read((tx) => tx.insert(runWaits).values({ ...wait, detail: { needed: 2 } }))
    const outcome = await during(
      runId,
      async (db) => {
        await db.update(runWaits).set({ settledAt: new Date(), settledBy: 'timer' }).where(eq(runWaits.runId, runId))
        await db.update(tasks).set({ state: 'expired' }).where(eq(tasks.id, taskId))
      },
      () => decideTask(organization.caller, { taskId, decision: 'approved' }),
    )
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'CONFLICT', message: expect.stringContaining('time is over') } })
  })
})

describe('a task of somebody who left the organization', () => {
  it('is decided by an owner or admin, and by nobody else', async () => {
    const here = await makeOrganization()
    const { taskId, runId } = await makeEverything(here)
    const { user: named } = await addMember(here, 'operator')
    const { caller: operator } = await addMember(here, 'operator')
    await inOrganization(here.id, async (tx) => {
      await tx
        .update(tasks)
        .set({ assigneeIds: [named.id] })
        .where(eq(tasks.id, taskId))
      await tx.insert(runWaits).values({ organizationId: here.id, runId, path: 'setfields1', attempt: 1, kind: 'approval' })
    })
    const decide = (caller: Caller) => decideTask(caller, { taskId, decision: 'approved' })
    expect(await getTask(here.caller, { taskId })).toMatchObject({ canDecide: false })
    await expect(decide(here.caller)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await removePerson(here.caller, { userId: named.id })
    expect(await getTask(operator, { taskId })).toMatchObject({ canDecide: false })
    await expect(decide(operator)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await getTask(here.caller, { taskId })).toMatchObject({ canDecide: true })
    expect(await decide(here.caller)).toMatchObject({ state: 'approved' })
  })
})

describe('the tasks of somebody', () => {
  it('stand on the home page, however many newer ones were given to others', async () => {
    const here = await makeOrganization()
    const { taskId } = await makeEverything(here)
    const [task] = await inOrganization(here.id, (tx) => tx.select().from(tasks).where(eq(tasks.id, taskId)))
    const other = await makeUser()
    await inOrganization(here.id, (tx) =>
      tx.insert(tasks).values(
        Array.from({ length: 7 }, (_, index) => ({
          ...(task as typeof tasks.$inferSelect),
          id: newId('task'),
          path: `other${index}`,
          assigneeIds: [other.id],
        })),
      ),
    )
    const { attention } = await getOverview(here.caller, {})
    expect(attention.filter(({ kind }) => kind === 'task')).toMatchObject([{ id: taskId }])
  })
})

describe('dead letters that fail alike', () => {
  it('are run again together where the caller may see them, and of the others nothing is said', async () => {
    const here = await makeOrganization()
    const own = await makeEverything(here)
    const elsewhere = newId('prj')
    const workflow = await makeWorkflow(here, { graph: smallGraph })
    const other = { runId: (await makeRun(here, workflow)).id, workflowId: workflow.id, deadLetterId: newId('dl') }
    await inOrganization(here.id, async (tx) => {
      await tx.insert(projects).values({ organizationId: here.id, id: elsewhere, name: 'Elsewhere', slug: 'elsewhere' })
      await tx.update(workflows).set({ projectId: elsewhere }).where(eq(workflows.id, workflow.id))
      const [letter] = await tx.select().from(deadLetters).where(eq(deadLetters.id, own.deadLetterId))
      const values = {
        ...(letter as typeof deadLetters.$inferSelect),
        id: other.deadLetterId,
        runId: other.runId,
        workflowId: other.workflowId,
      }
      await tx.insert(deadLetters).values({ ...values, projectId: elsewhere })
    })
    const caller = { ...callerOf(here.id, await makeUser(), 'operator'), onlyProjectId: here.projectId }
    expect((await listGroups(caller, {})).items).toMatchObject([{ count: 1 }])
    expect(await resolveMany(caller, { signature: 'same' })).toMatchObject({
      resolved: [{ deadLetterId: own.deadLetterId }],
      refused: [],
      remaining: 0,
    })
    expect(await resolveMany(caller, { ids: [other.deadLetterId] })).toMatchObject({
      resolved: [],
      refused: [{ deadLetterId: other.deadLetterId, message: 'There is no such open dead letter.' }],
    })
  }, 30_000)

  it('stay open where the settings of the workflow let no more runs start', async () => {
    const here = await makeOrganization()
    const { deadLetterId, runId, workflowId } = await makeEverything(here)
    const concurrency = { limit: 1, whenFull: 'skip' as const, key: '' }
    const versionId = newId('ver')
    await inOrganization(here.id, (tx) =>
      tx.insert(workflowVersions).values({
        organizationId: here.id,
        id: versionId,
        workflowId,
        number: 2,
        graph: { ...smallGraph, settings: { concurrency } },
        contentHash: Buffer.alloc(32),
        publishedBy: here.owner.id,
      }),
    )
    const busy = await replayRun(here.caller, { runId, versionId })
    await expect(resolveDeadLetter(here.caller, { deadLetterId, versionId })).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    expect(await getDeadLetter(here.caller, { deadLetterId })).toMatchObject({ state: 'open', retryRun: null })
    const started = await inOrganization(here.id, (tx) => tx.select({ id: runs.id }).from(runs).where(eq(runs.replayOfId, runId)))
    expect(started).toEqual([{ id: busy.runId }])
  }, 30_000)
})

describe('a schedule', () => {
  async function made(more: Partial<typeof schedules.$inferInsert> = {}) {
    const workflow = await makeWorkflow(organization, {
      graph: graphOf('tick -> end', { tick: { type: 'trigger.schedule' }, end: { type: 'data.set' } }),
    })
    const id = newId('sch')
    const { id: organizationId, environmentId } = organization
    const values = {
      organizationId,
      id,
      workflowId: workflow.id,
      environmentId,
      name: 'Hourly',
      cron: '0 * * * *',
      timeZone: 'UTC',
      ...more,
    }
    await read((tx) => tx.insert(schedules).values(values))
    return { id, workflowId: workflow.id }
  }
  const firesOf = (id: string) =>
    read((tx) => tx.select().from(scheduleFires).where(eq(scheduleFires.scheduleId, id)).orderBy(scheduleFires.nominalAt))
  const fire = (scheduleId: string, at: number) => withDatabase(workerDb(), () => fireSchedule({ scheduleId, revision: 1, nominalAt: at }))
  const thisHour = () => Math.floor(Date.now() / hourMs) * hourMs

  it('that only got another name fires at its time all the same', async () => {
    const { id } = await made({ revision: 2, name: 'Another', catchUpSeconds: 7200 })
    await fire(id, thisHour())
    expect(await firesOf(id)).toMatchObject([{ outcome: expect.stringMatching(/ran|late/), runId: expect.stringMatching(/^run_/) }])
  })

  it('does not fire at a time that it has no more', async () => {
    const { id } = await made({ revision: 2, cron: '30 * * * *', catchUpSeconds: 7200 })
    await fire(id, thisHour())
    expect(await firesOf(id)).toMatchObject([{ outcome: 'superseded', runId: null }])
  })

  it('starts by hand what it would start by itself, and no other trigger', async () => {
    const { id } = await made({ nodeId: idOf('gone') })
    await expect(fireNow(organization.caller, { scheduleId: id })).rejects.toMatchObject({ code: 'UNPROCESSABLE' })
    const { id: fine } = await made({ nodeId: idOf('tick') })
    expect((await fireNow(organization.caller, { scheduleId: fine })).runId).toMatch(/^run_/)
  })

  it('of a workflow that was removed is not let go again', async () => {
    const { id, workflowId } = await made()
    await removeWorkflow(organization.caller, { workflowId })
    await expect(resumeSchedule(organization.caller, { scheduleId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await read((tx) => tx.select().from(schedules).where(eq(schedules.id, id)))).toMatchObject([{ paused: true }])
  })

  it('tells of the hours in which nothing ran, also when the newest was made up for before', async () => {
    const now = thisHour() + 30 * 60_000
    const { id } = await made({ catchUpSeconds: 3600, updatedAt: new Date(now - 24 * hourMs) })
    const fired = (at: number, outcome: 'ran' | 'late') => ({
      organizationId: organization.id,
      scheduleId: id,
      nominalAt: new Date(at),
      outcome,
    })
    await read((tx) => tx.insert(scheduleFires).values([fired(thisHour() - 6 * hourMs, 'ran'), fired(thisHour(), 'late')]))
    await withDatabase(workerDb(), () => writeMissedFires(new Date(now)))
    const outcomes = (await firesOf(id)).map(({ nominalAt, outcome }) => [(thisHour() - nominalAt.getTime()) / hourMs, outcome])
    expect(outcomes).toEqual([[6, 'ran'], ...[5, 4, 3, 2, 1].map((hours) => [hours, 'missed']), [0, 'late']])
    expect(await withDatabase(workerDb(), () => writeMissedFires(new Date(now)))).toBe(0)
  })
})

describe('an idempotency key', () => {
  it('of work that is done is not told to fail because its answer cannot be kept', async () => {
    let times = 0
    const work = async () => {
      times += 1
      return { text: 'a\u0000b' }
    }
    const request = { key: 'k', route: 'POST /x', body: Buffer.from('{}') }
    expect(await answerOnce(organization.caller, request, work)).toMatchObject({ repeated: false })
    await expect(answerOnce(organization.caller, request, work)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(times).toBe(1)
  })
})

describe('the callbacks of one run', () => {
  it('are all taken when they come at once, and one address alone is not called as often as one likes', async () => {
    const workflow = await makeWorkflow(organization, { graph: graphOf('a', { a: { type: 'trigger.manual' } }) })
    const { id: runId } = await makeRun(organization, workflow)
    const post = async (path: string) => {
      const token = callbackToken({ organizationId: organization.id, runId, path })
      return (await fetch(`${web.url}/callbacks/${token}`, { method: 'POST' })).status
    }
    const taken = await Promise.all(Array.from({ length: 80 }, (_, index) => post(`loop/${index}/answer`)))
    expect(new Set(taken)).toEqual(new Set([202]))
    const again: number[] = []
    for (let times = 0; times < 60; times++) again.push(await post('loop/0/answer'))
    expect(again).toEqual([...Array.from({ length: 59 }, () => 409), 429])
  }, 30_000)
})
