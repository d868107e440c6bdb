import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdvancer } from '@/activities/advance'
import { createHands } from '@/activities/hands'
import { createHolder, type Holder } from '@/activities/holder'
import { createNotices } from '@/activities/notices'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { runs, runWaits, tasks } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { acceptRun } from '@/server/services/runs/accept-run'
import { decideTask } from '@/server/services/tasks/decide-task'
import { getTask } from '@/server/services/tasks/get-task'
import { listTasks } from '@/server/services/tasks/list-tasks'
import type { Json } from '@/workflows/graph/schema'
import { addMember, asAdmin, makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { graphOf } from '../support/plan-of'

let organization: TestOrganization
let holder: Holder
let advance: (runId: string) => Promise<{ kind: string }>
/** Three who may decide. */
let people: { user: { id: string }; caller: Caller }[]

beforeAll(async () => {
  // Nothing listens there: waking a run is a hint and fails at once.
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  organization = await makeOrganization()
  people = []
  for (let index = 0; index < 3; index++) people.push(await addMember(organization, 'operator'))
  const hands = createHands()
  holder = createHolder(hands, 'test')
  const advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  advance = (runId) => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
  await holder.start()
})
afterAll(() => holder.stop())

const ids = (...which: number[]) => which.map((index) => people[index]?.user.id as string)
const as = (index: number) => people[index]?.caller as Caller
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)
const runOf = async (runId: string) => (await read((tx) => tx.select().from(runs).where(eq(runs.id, runId))))[0]

async function asked(params: Record<string, Json>): Promise<{ runId: string; taskId: string }> {
  const workflow = await makeWorkflow(organization, {
    graph: graphOf('start -> ask', {
      start: { type: 'trigger.manual' },
      ask: { type: 'people.approval', params: { title: 'Well?', ...params } },
    }),
  })
  const { runId } = await read((tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: null,
      input: {},
    }),
  )
  await advance(runId)
  const [task] = await read((tx) => tx.select().from(tasks).where(eq(tasks.runId, runId)))
  return { runId, taskId: task?.id as string }
}

describe('an approval by several', () => {
  it('takes as many as it says, each once, and tells who said what', async () => {
    const { runId, taskId } = await asked({ needed: 'number', neededCount: 2, assignees: ids(0, 1, 2) })
    expect(await decideTask(as(0), { taskId, decision: 'approved', comment: 'Fine.' })).toMatchObject({ state: 'open' })
    await expect(decideTask(as(0), { taskId, decision: 'approved' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('already'),
    })
    expect(await getTask(as(0), { taskId })).toMatchObject({ state: 'open', canDecide: false, needed: 2, votes: [{ comment: 'Fine.' }] })
    expect(await getTask(as(1), { taskId })).toMatchObject({ canDecide: true })
    expect(await advance(runId)).toMatchObject({ kind: 'waiting' })
    expect(await decideTask(as(1), { taskId, decision: 'declined' })).toMatchObject({ state: 'open' })
    expect(await decideTask(as(2), { taskId, decision: 'approved' })).toMatchObject({ state: 'approved' })
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    expect(await runOf(runId)).toMatchObject({
      status: 'succeeded',
      output: {
        decision: 'approved',
        by: { id: ids(2)[0] },
        votes: [{ decision: 'approved' }, { decision: 'declined' }, { decision: 'approved' }],
      },
    })
  })

  it('is declined as soon as it cannot be approved any more', async () => {
    const { runId, taskId } = await asked({ needed: 'all', assignees: ids(0, 1) })
    expect(await decideTask(as(0), { taskId, decision: 'declined' })).toMatchObject({ state: 'declined' })
    await expect(decideTask(as(1), { taskId, decision: 'approved' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await advance(runId)
    expect(await runOf(runId)).toMatchObject({ output: { decision: 'declined' } })
  })

  it('counts every vote when all vote at the same moment', async () => {
    const { runId, taskId } = await asked({ needed: 'all', assignees: ids(0, 1, 2) })
    const answers = await Promise.all([0, 1, 2].map((index) => decideTask(as(index), { taskId, decision: 'approved' })))
    expect(answers.map((one) => one.state).sort()).toEqual(['approved', 'open', 'open'])
    expect(await advance(runId)).toEqual({ kind: 'finished' })
  })
})

describe('a form', () => {
  const form: Json = { type: 'object', properties: { budget: { type: 'number', minimum: 1 } }, required: ['budget'] }

  it('has to be filled in to approve, and its values go on in the run', async () => {
    const { runId, taskId } = await asked({ form })
    await expect(decideTask(as(0), { taskId, decision: 'approved' })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      pointer: '/values/budget',
    })
    await expect(decideTask(as(0), { taskId, decision: 'approved', values: { budget: 0 } })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
    })
    expect(await decideTask(as(0), { taskId, decision: 'approved', values: { budget: 40 } })).toMatchObject({ state: 'approved' })
    await advance(runId)
    expect(await runOf(runId)).toMatchObject({ output: { decision: 'approved', values: { budget: 40 } } })
  })

  it('need not be filled in to decline', async () => {
    const { taskId } = await asked({ form })
    expect(await decideTask(as(0), { taskId, decision: 'declined' })).toMatchObject({ state: 'declined' })
  })
})

describe('others who are asked later', () => {
  it('may decide once it is time', async () => {
    const { runId, taskId } = await asked({ assignees: ids(0), escalateAfterMs: 3_600_000, escalateTo: ids(1) })
    await expect(decideTask(as(1), { taskId, decision: 'approved' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const mine = async () => (await listTasks(as(1), { mine: true, limit: 50 })).items.map((task) => task.id)
    expect(await mine()).not.toContain(taskId)
    const [wait] = await read((tx) => tx.select().from(runWaits).where(eq(runWaits.runId, runId)))
    const detail = { ...(wait?.detail as object), escalateAt: new Date(Date.now() - 1_000).toISOString() }
    await asAdmin((db) => db.update(runWaits).set({ detail }).where(eq(runWaits.runId, runId)))
    expect(await mine()).toContain(taskId)
    expect(await decideTask(as(1), { taskId, decision: 'approved' })).toMatchObject({ state: 'approved' })
  })
})
