import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { countAlone, takeRun } from '@/db/engine'
import { newId } from '@/db/ids'
import { deadLetters, holders, runs } from '@/db/schema'
import { getDeadLetter } from '@/server/services/dead-letters/get-dead-letter'
import { resolveDeadLetter } from '@/server/services/dead-letters/resolve-dead-letter'
import { acceptRun } from '@/server/services/runs/accept-run'
import type { Json } from '@/workflows/graph/schema'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
import { graphOf } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'

let organization: TestOrganization
let advancer: Advancer
let holder: Holder

beforeAll(async () => {
  process.env.TEMPORAL_ADDRESS = '127.0.0.1:1'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
})
afterAll(() => holder.stop())

const advance = (runId: string) => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)

/** A worker takes the run and dies with it, `alone` while it executed nothing else: its lease runs out. */
async function killedWith(runId: string, alone: boolean): Promise<void> {
  const id = newId('hold')
  const worker = { id, kind: 'worker', host: 'doomed', pid: 1, build: 'test', leaseUntil: new Date(Date.now() + 60_000) }
  await workerDb().insert(holders).values(worker)
  const taken = await takeRun(runId, id)
  if (taken.outcome !== 'taken') throw new Error(`the run is ${taken.outcome}`)
  if (alone) expect(await countAlone(runId, taken.epoch, 1)).toBe(true)
  await workerDb().update(holders).set({ leaseUntil: sql`now() - interval '1 second'` }).where(eq(holders.id, id))
}

describe('an input that kills workers', () => {
  it('is set aside after it killed three by itself, with its input, and its error workflow hears of it', async () => {
    const told = await makeWorkflow(organization, { graph: graphOf('failed', { failed: { type: 'trigger.error' } }) })
    const graph = graphOf('start -> done', {
      start: { type: 'trigger.manual' },
      done: { type: 'data.set', params: { fields: [{ name: 'n', value: '{{ input.n }}' }] } },
    })
    const workflow = await makeWorkflow(organization, { graph: { ...graph, settings: { errorWorkflow: told.id } } })
    const input: Json = { n: 1, bomb: 'x'.repeat(50) }
    const { runId } = await read((tx) =>
      acceptRun(tx, {
        organizationId: organization.id,
        workflowId: workflow.id,
        versionId: workflow.versionId as string,
        trigger: 'manual',
        triggerNodeId: null,
        input,
      }),
    )
    // The first worker may have died of something else that it had in hand: three more die with nothing but this.
    for (let death = 0; death < 4; death++) await killedWith(runId, death > 0)
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    const [run] = await read((tx) => tx.select().from(runs).where(eq(runs.id, runId)))
    expect(run).toMatchObject({ status: 'failed', moves: 4, error: { code: 'run.crashes_worker' } })

    const [letter] = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
    expect(await getDeadLetter(organization.caller, { deadLetterId: letter?.id as string })).toMatchObject({ state: 'open', input })

    const heard = async () =>
      (await read((tx) => tx.select({ input: runs.input }).from(runs).where(eq(runs.workflowId, told.id)))).map((one) => one.input)
    await expect.poll(heard, { timeout: 10_000 }).toHaveLength(1)
    expect((await heard())[0]).toMatchObject({
      run: { id: runId, url: expect.stringMatching(new RegExp(`/o/${organization.slug}/runs/${runId}$`)) },
      error: { code: 'run.crashes_worker', message: expect.any(String) },
      step: { path: '', title: '' },
    })

    const again = await resolveDeadLetter(organization.caller, { deadLetterId: letter?.id as string, input: { n: 2 } })
    expect(await advance(again.runId)).toEqual({ kind: 'finished' })
    const [repaired] = await read((tx) => tx.select().from(runs).where(eq(runs.id, again.runId)))
    expect(repaired).toMatchObject({ status: 'succeeded', output: { n: 2 } })
  })

  it('is not blamed on a run before it executed alone', async () => {
    const graph = graphOf('start', { start: { type: 'trigger.manual' } })
    const workflow = await makeWorkflow(organization, { graph })
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
    for (let death = 0; death < 3; death++) await killedWith(runId, false)
    expect(await advance(runId)).toEqual({ kind: 'finished' })
    const [run] = await read((tx) => tx.select().from(runs).where(eq(runs.id, runId)))
    expect(run).toMatchObject({ status: 'succeeded', moves: 3 })
  })
})
