import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { deadLetters, runs } from '@/db/schema'
import { acceptRun } from '@/server/services/runs/accept-run'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
import { graphOf } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'
import { createOwnFaults } from './own-faults'

vi.mock('@/workflows/runtime/execute-plan', async (original) => ({
  ...(await original<object>()),
  executePlan: () => Promise.reject(new TypeError("Cannot read properties of undefined (reading 'order-4711')")),
}))

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

const read = <T>(fn: Parameters<typeof inOrganization<T>>[1]) => inOrganization(organization.id, fn)

describe('a run over which Millrace itself fails', () => {
  it('is taken up again, and set aside at the third time', async () => {
    const workflow = await makeWorkflow(organization, { graph: graphOf('start', { start: { type: 'trigger.manual' } }) })
    const { runId } = await read((tx) =>
      acceptRun(tx, {
        organizationId: organization.id,
        workflowId: workflow.id,
        versionId: workflow.versionId as string,
        trigger: 'manual',
        triggerNodeId: null,
        input: { order: 4711 },
      }),
    )
    const advance = () => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
    await expect(advance()).rejects.toThrow(TypeError)
    await expect(advance()).rejects.toThrow(TypeError)
    expect(await advance()).toEqual({ kind: 'finished' })
    const [run] = await read((tx) => tx.select().from(runs).where(eq(runs.id, runId)))
    expect(run).toMatchObject({ status: 'failed', input: { order: 4711 }, error: { class: 'internal', code: 'run.own_fault' } })
    expect(JSON.stringify(run?.error)).not.toContain('order-4711')
    const letters = await read((tx) => tx.select().from(deadLetters).where(eq(deadLetters.runId, runId)))
    expect(letters).toMatchObject([{ state: 'open' }])
  })
})

describe('own faults', () => {
  const times = (error: unknown) => {
    const faults = createOwnFaults()
    return [1, 2, 3, 4].map(() => faults.isLast('run_1', error))
  }
  it('are counted for each run by itself', () => {
    expect(times(new RangeError('Invalid array length'))).toEqual([false, false, true, false])
    expect(times(Object.assign(new TypeError('not a function'), { code: 'ERR_INVALID_ARG_TYPE' }))).toEqual([false, false, true, false])
    const faults = createOwnFaults()
    expect(['a', 'b', 'a', 'b'].map((runId) => faults.isLast(runId, new TypeError('x')))).toEqual([false, false, false, false])
  })
  it.each([
    ['a database that cannot be reached', Object.assign(new Error('closed'), { code: 'CONNECTION_CLOSED' })],
    ['a full disk', new Error('failed query', { cause: Object.assign(new Error('no space'), { code: '53100' }) })],
    ['whoever stops it', Object.assign(new Error('stopped'), { name: 'AbortError' })],
    ['what is no error', 'gone'],
  ])('are not those of %s', (_, error) => {
    expect(times(error)).toEqual([false, false, false, false])
  })
})
