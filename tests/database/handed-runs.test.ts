import { eq } from 'drizzle-orm'
import type { Sql } from 'postgres'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPool, inOrganization, workerDb } from '@/db/client'
import { recordSteps, releaseHolder, renewHolder, type TakenRun } from '@/db/engine'
import { newId, toUuid } from '@/db/ids'
import { handedFrom, laneChannel, laneTurn, tendLane } from '@/db/lane'
import { liveRuns, outbox, webhookEndpoints } from '@/db/schema'
import { hashToken, newToken } from '@/server/auth/token'
import { acceptRun } from '@/server/services/runs/accept-run'
import { acceptCall } from '@/server/services/webhooks/accept-call'
import { findTrigger, type WebhookTrigger } from '@/server/services/webhooks/find-trigger'
import { asAdmin, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../support/database'
import { eventually } from '../support/eventually'
import { graphOf, idOf } from '../support/plan-of'

/** A lane that only listens. */
interface Ear {
  holderId: string
  heard: (TakenRun | string)[]
  tend(room: number): Promise<string[]>
  /** Its process is gone; its lease is not over yet. */
  die(): Promise<void>
}

let organization: TestOrganization
let workflow: TestWorkflow
let trigger: WebhookTrigger
const open: Sql[] = []

beforeAll(async () => {
  organization = await makeOrganization()
  const graph = graphOf('hook -> end', { hook: { type: 'trigger.webhook' }, end: { type: 'data.set' } })
  workflow = await makeWorkflow(organization, { graph })
  const token = newToken()
  await inOrganization(organization.id, (tx) =>
    tx.insert(webhookEndpoints).values({
      organizationId: organization.id,
      id: newId('hook'),
      workflowId: workflow.id,
      environmentId: organization.environmentId,
      nodeId: idOf('hook'),
      tokenHash: hashToken(token),
      tokenSecret: Buffer.from('encrypted'),
    }),
  )
  trigger = (await findTrigger(token)) as WebhookTrigger
})
beforeEach(() =>
  asAdmin(async (db) => {
    await db.delete(liveRuns)
    await db.execute('delete from holders')
  }),
)
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.end({ timeout: 1 })
})

async function lane(room: number): Promise<Ear> {
  const holderId = newId('hold')
  await renewHolder({ id: holderId, kind: 'lane', host: 'test', pid: 1, build: 'test' }, workerDb())
  const connection = createPool(process.env.DATABASE_WORKER_URL as string, { max: 1 })
  open.push(connection.$client)
  const heard: (TakenRun | string)[] = []
  await connection.$client.listen(laneChannel(holderId), (payload) => heard.push(handedFrom(payload)))
  await tendLane(holderId, room, connection)
  return { holderId, heard, tend: (to) => tendLane(holderId, to, connection), die: () => connection.$client.end({ timeout: 1 }) }
}

async function call(body: unknown = {}): Promise<string> {
  const answer = await acceptCall(trigger, trigger.live?.versionId as string, { data: { body } as never, deliveryId: null })
  if (answer === 'changed') throw new Error('changed')
  return answer.runId
}
const liveOf = async (runId: string) =>
  (await inOrganization(organization.id, (tx) => tx.select().from(liveRuns).where(eq(liveRuns.runId, runId))))[0]

describe('a run that a webhook brings', () => {
  it('is taken for a lane that has room as it is accepted, and the lane hears all that it needs', async () => {
    const ear = await lane(10)
    const runId = await call({ n: 7 })
    expect(await liveOf(runId)).toMatchObject({ state: 'running', driver: 'lane', holderId: ear.holderId, epoch: 1, crashes: 0 })
    await eventually('the run is heard of', async () => ear.heard.length === 1)
    const [taken] = ear.heard as [TakenRun]
    expect(taken).toMatchObject({
      runId,
      organizationId: organization.id,
      workflowId: workflow.id,
      epoch: 1,
      begun: false,
      stepped: false,
      trigger: 'webhook',
      input: { body: { n: 7 } },
    })
    expect(taken.startedAt).toBeInstanceOf(Date)
    expect(await ear.tend(10)).toEqual([runId])
  })

  it('is told to its lane exactly as it would be told to whoever claims it', async () => {
    const ear = await lane(1)
    const runIds = [await call({ n: 7 }), await call({ n: 7 })]
    await eventually('the run is heard of', async () => ear.heard.length === 1)
    const claimed = await laneTurn({ holderId: ear.holderId, limit: 5, after: null, lost: false, ended: [], host: 'test' })
    const [handed, taken] = [ear.heard[0] as TakenRun, claimed.runs[0] as TakenRun]
    expect([handed.runId, taken.runId]).toEqual(runIds)
    const own = (run: TakenRun) => ({ ...run, runId: '', rootId: '', startedAt: null, input: { ...(run.input as object), deliveryId: '' } })
    expect(own(handed)).toEqual(own(taken))
    expect(handed.rootId).toBe(handed.runId)
  })

  it('is told to whoever watches with its first steps or its end, and at once where it has to wait', async () => {
    const ear = await lane(3)
    const told = async (runId: string) =>
      (await inOrganization(organization.id, (tx) => tx.select().from(outbox).where(eq(outbox.kind, 'run')))).filter(({ ids }) =>
        ids.includes(runId),
      ).length
    const [stepping, ending, more] = [await call(), await call(), await call()]
    expect(await Promise.all([stepping, ending].map(told))).toEqual([0, 0])
    const fence = { organizationId: organization.id, runId: stepping, epoch: 1 }
    const step = { path: idOf('end'), attempt: 1, status: 'succeeded', seq: 1, started_at: new Date().toISOString(), duration_us: 1 }
    expect((await recordSteps(fence, [step], workerDb(), true))?.told).toMatchObject([{ kind: 'run', ids: [stepping] }])
    expect((await recordSteps(fence, [{ ...step, seq: 2, attempt: 2 }]))?.told).toBeNull()
    const ended = { organizationId: organization.id, runId: ending, epoch: 1, stepsDone: 1, output: '{}', steps: '[]', answer: null }
    await laneTurn({ holderId: ear.holderId, limit: 0, after: null, lost: false, ended: [ended], host: 'test' })
    expect(await Promise.all([stepping, ending, more].map(told))).toEqual([1, 1, 0])
    await ear.tend(0)
    expect(await told(await call())).toBe(1)
  })

  it('is told by its id alone where it is large', async () => {
    const ear = await lane(10)
    const runId = await call({ text: 'x'.repeat(9_000) })
    await eventually('the run is heard of', async () => ear.heard.length === 1)
    expect(ear.heard).toEqual([runId])
    expect(await liveOf(runId)).toMatchObject({ holderId: ear.holderId })
  })

  it('goes to the lane with the most room, and to none beyond its room', async () => {
    const small = await lane(1)
    const large = await lane(2)
    const runIds = [await call(), await call(), await call(), await call()]
    const holders = await Promise.all(runIds.map(async (runId) => (await liveOf(runId))?.holderId ?? null))
    expect(holders[0]).toBe(large.holderId)
    expect([...holders].sort()).toEqual([small.holderId, large.holderId, large.holderId, null].sort())
    expect(await liveOf(runIds[3] as string)).toMatchObject({ state: 'accepted', epoch: 0 })
  })

  it('is left for a claim while others wait for their turn', async () => {
    const ear = await lane(10)
    await inOrganization(organization.id, (tx) =>
      acceptRun(tx, {
        organizationId: organization.id,
        workflowId: workflow.id,
        versionId: workflow.versionId as string,
        trigger: 'manual',
        triggerNodeId: null,
        input: {},
      }),
    )
    const runId = await call()
    expect(await liveOf(runId)).toMatchObject({ state: 'accepted', holderId: null })
    const claimed = await laneTurn({ holderId: ear.holderId, limit: 5, after: null, lost: false, ended: [], host: 'test' })
    expect(claimed.runs).toHaveLength(2)
    expect(await liveOf(await call())).toMatchObject({ holderId: ear.holderId })
  })

  it('is not handed to a lane whose process is gone, though its lease is not over', async () => {
    const ear = await lane(10)
    await ear.die()
    await eventually('the server sees the end', async () => (await liveOf(await call()))?.state === 'accepted')
  })

  it('is not handed to a lane that closes, whose lease is over or that was not heard of for seconds', async () => {
    const closing = await lane(10)
    await closing.tend(0)
    for (const column of ['lease_until', 'room_until']) {
      const { holderId } = await lane(10)
      await asAdmin((db) =>
        db.execute(`update holders set ${column} = now() - interval '1 second' where id = '${toUuid(holderId, 'hold')}'`),
      )
    }
    expect(await liveOf(await call())).toMatchObject({ state: 'accepted', holderId: null })
  })

  it('is anybody’s again, without a crash, when the lane gives up its lease before it began', async () => {
    const ear = await lane(10)
    const runId = await call()
    await releaseHolder(ear.holderId, workerDb())
    expect(await liveOf(runId)).toMatchObject({ state: 'accepted', holderId: null, driver: 'none', crashes: 0 })
    const next = await lane(0)
    const claimed = await laneTurn({ holderId: next.holderId, limit: 5, after: null, lost: false, ended: [], host: 'test' })
    expect(claimed.runs).toMatchObject([{ runId, epoch: 2, crashes: 0 }])
  })
})
