import { beforeAll, describe, expect, it } from 'vitest'
import { stepRows } from '@/activities/step-rows'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { recordSteps, renewHolder, takeRun } from '@/db/engine'
import { newId } from '@/db/ids'
import { acceptRun } from '@/server/services/runs/accept-run'
import { getRun } from '@/server/services/runs/get-run'
import type { Json } from '@/workflows/graph/schema'
import type { StepRecord } from '@/workflows/runtime/types'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { graphOf, idOf } from '../support/plan-of'

let organization: TestOrganization
beforeAll(async () => {
  organization = await makeOrganization()
})

const step = (path: string, status: StepRecord['status'], input?: Json): StepRecord => ({
  path,
  attempt: 1,
  status,
  startedAt: new Date(),
  durationUs: 1,
  ...(input === undefined ? {} : { input }),
})

const work = { type: 'data.set', params: { fields: [{ name: 'n', value: 1 }] } }

describe('a run under way', () => {
  it('says which turn an agent is in and how far a loop is', async () => {
    const workflow = await makeWorkflow(organization, {
      graph: graphOf('start -> agent; start -> loop; start -> done', {
        start: { type: 'trigger.manual' },
        agent: { type: 'ai.agent' },
        loop: { type: 'flow.for_each' },
        done: { type: 'flow.for_each' },
        work: { ...work, parent: 'loop' },
        other: { ...work, parent: 'done' },
      }),
    })
    const { runId } = await inOrganization(organization.id, (tx) =>
      acceptRun(tx, {
        organizationId: organization.id,
        workflowId: workflow.id,
        versionId: workflow.versionId as string,
        trigger: 'manual',
        triggerNodeId: null,
        input: {},
      }),
    )
    const holder = newId('hold')
    await withDatabase(workerDb(), async () => {
      await renewHolder({ id: holder, kind: 'worker', host: 'here', pid: 1, build: 'test' })
      const taken = await takeRun(runId, holder)
      if (taken.outcome !== 'taken') throw new Error(taken.outcome)
      const [agent, loop, done] = [idOf('agent'), idOf('loop'), idOf('done')]
      const records = [
        step(agent, 'started', { maxTurns: 8 }),
        step(`${agent}/turn.1`, 'succeeded'),
        step(`${agent}/turn.1/call.0.tool`, 'succeeded'),
        step(`${agent}/turn.2`, 'succeeded'),
        step(`${agent}/turn.3`, 'started'),
        step(loop, 'started', { items: 10_000, concurrency: 2 }),
        ...Array.from({ length: 1_199 }, (_, item) => step(`${loop}/${item}/work`, 'succeeded')),
        step(`${loop}/1199.2/work`, 'started'),
        step(done, 'succeeded', { items: 3 }),
        step(`${done}/2/work`, 'succeeded'),
      ]
      await recordSteps(
        { organizationId: organization.id, runId, epoch: taken.epoch },
        await stepRows(organization.id, records, 1),
        workerDb(),
        true,
      )
    })
    const run = await getRun(organization.caller, { runId })
    expect(run.progress).toEqual([
      { path: idOf('agent'), unit: 'turn', at: 3, of: 8 },
      { path: idOf('loop'), unit: 'item', at: 1_200, of: 10_000 },
    ])
    expect(run.holder).toMatchObject({ host: 'here', since: expect.any(Date) })
  })
})
