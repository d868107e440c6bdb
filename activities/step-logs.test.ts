import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { runSteps } from '@/db/schema'
import { closePowers } from '@/server/powers/create-powers'
import { getDraftLogs } from '@/server/services/drafts/get-draft-logs'
import { acceptRun } from '@/server/services/runs/accept-run'
import { getStep } from '@/server/services/runs/get-step'
import { replayRun } from '@/server/services/runs/replay-run'
import { addMember, asAdmin, makeOrganization, makeWorkflow, type TestOrganization, type TestWorkflow } from '../tests/support/database'
import { graphOf, idOf } from '../tests/support/plan-of'
import { type Advancer, createAdvancer } from './advance'
import { createHands } from './hands'
import { createHolder, type Holder } from './holder'
import { createNotices } from './notices'

let organization: TestOrganization
let workflow: TestWorkflow
let advancer: Advancer
let holder: Holder

beforeAll(async () => {
  organization = await makeOrganization()
  const hands = createHands()
  holder = createHolder(hands, 'test')
  advancer = createAdvancer({ holder, hands, notices: createNotices(workerDb()) })
  await holder.start()
  const code = (source: string) => ({ type: 'code.javascript', params: { source } })
  workflow = await makeWorkflow(organization, {
    graph: graphOf('start -> count -> pass -> fail', {
      start: { type: 'trigger.manual' },
      count: code("console.debug('begin'); console.warn({ left: 2 }); return 1"),
      pass: { ...code('return 2'), settings: { runIf: '{{ false }}' } },
      fail: code("console.info('so far'); throw new Error('no')"),
    }),
  })
})
afterAll(async () => {
  await holder.stop()
  await closePowers()
})

async function run(trigger = 'manual'): Promise<string> {
  const { runId } = await inOrganization(organization.id, (tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger,
      triggerNodeId: null,
      input: {},
    }),
  )
  await advance(runId)
  return runId
}
const advance = (runId: string) => withDatabase(workerDb(), () => advancer.advance(runId, { short: false }))
const step = (runId: string, key: string, caller = organization.caller) => getStep(caller, { runId, path: idOf(key) })

describe('the log of a step', () => {
  it('has the level of each line and when it was written, within the time that the step took', async () => {
    const runId = await run()
    const { logs, startedAt, durationUs } = await step(runId, 'count')
    expect(logs.map(({ level, text }) => [level, text])).toEqual([
      ['debug', 'begin'],
      ['warn', '{"left":2}'],
    ])
    for (const { at } of logs) {
      const offset = (at?.getTime() ?? 0) - startedAt.getTime()
      expect(offset >= 0 && offset <= Math.ceil(durationUs / 1_000) + 1, `${offset}`).toBe(true)
    }
    expect((await step(runId, 'fail')).logs).toMatchObject([{ level: 'info', text: 'so far' }])
    expect((await step(runId, 'pass')).logs).toMatchObject([
      { at: expect.any(Date), level: 'info', text: 'Passed on: its condition did not hold.' },
    ])
  })

  it('of a run from before lines had a time and a level is read as it stands, also when it is taken over', async () => {
    const runId = await run()
    await asAdmin((db) =>
      db
        .update(runSteps)
        .set({ logs: ['plain', '', { at: 'never', level: 'loud', text: 'odd' } as never] })
        .where(and(eq(runSteps.runId, runId), eq(runSteps.path, idOf('count')))),
    )
    const old = [
      { at: null, level: 'info', text: 'plain' },
      { at: null, level: 'info', text: '' },
      { at: null, level: 'info', text: 'odd' },
    ]
    expect((await step(runId, 'count')).logs).toEqual(old)
    const replay = await replayRun(organization.caller, { runId, fromPath: idOf('fail') })
    expect((await step(replay.runId, 'count')).logs).toEqual(old)
  })

  it('of a step that is run again is that of the new time, of one that is taken over the recorded one', async () => {
    const runId = await run()
    const { runId: again } = await replayRun(organization.caller, { runId, fromPath: idOf('fail') })
    await advance(again)
    expect((await step(again, 'count')).logs).toEqual((await step(runId, 'count')).logs)
    const [before, after] = [await step(runId, 'fail'), await step(again, 'fail')]
    expect(after.logs[0]?.at?.getTime()).toBeGreaterThan(before.logs[0]?.at?.getTime() ?? 0)
  })

  it('is found beside the draft, as the newest test or the newest run has it', async () => {
    const ofRun = await step(await run(), 'count')
    const ofTest = await step(await run('test'), 'count')
    const here = { workflowId: workflow.id, nodeId: idOf('count') }
    expect(await getDraftLogs(organization.caller, { ...here, source: 'run' })).toEqual({ startedAt: ofRun.startedAt, logs: ofRun.logs })
    expect(await getDraftLogs(organization.caller, { ...here, source: 'test' })).toEqual({ startedAt: ofTest.startedAt, logs: ofTest.logs })
    expect(await getDraftLogs(organization.caller, { ...here, nodeId: 'nowhere', source: 'test' })).toEqual({ startedAt: null, logs: [] })
  })

  it('is for those who may see what runs carry', async () => {
    const runId = await run()
    const { caller: viewer } = await addMember(organization, 'viewer')
    expect(await step(runId, 'count', viewer)).toMatchObject({ logs: [], payloadsHidden: true })
    const asked = getDraftLogs(viewer, { workflowId: workflow.id, nodeId: idOf('count'), source: 'run' })
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})
