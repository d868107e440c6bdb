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

describe('a run under way', () => {
  it('says which turn an agent is in and how far a loop is', async () => {
    const workflow = await makeWorkflow(organization, {
      graph: graphOf('start -> agent', { start: { type: 'trigger.manual' }, agent: { type: 'flow.wait' } }),
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
      const agent = idOf('agent')
      const records = [
        step(agent, 'started', { maxTurns: 8 }),
        step(`${agent}/turn.1`, 'succeeded'),
        step(`${agent}/turn.1/call.0.tool`, 'succeeded'),
        step(`${agent}/turn.3`, 'started'),
        step('loop', 'started', { items: 10_000, concurrency: 2 }),
        step('loop/1198/work', 'succeeded'),
        step('loop/1199.2/work', 'started'),
        step('done', 'succeeded', { items: 3 }),
        step('done/2/work', 'succeeded'),
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
      { path: 'loop', unit: 'item', at: 1_200, of: 10_000 },
    ])
    expect(run.holder).toMatchObject({ host: 'here', since: expect.any(Date) })
  })
})
