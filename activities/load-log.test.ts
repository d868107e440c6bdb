import { beforeAll, describe, expect, it } from 'vitest'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { recordSteps, renewHolder, stepRowsInParts, takeRun } from '@/db/engine'
import { newId } from '@/db/ids'
import { acceptRun } from '@/server/services/runs/accept-run'
import type { StepRecord } from '@/workflows/runtime/types'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../tests/support/database'
import { compiled, graphOf, idOf } from '../tests/support/plan-of'
import { loadLog } from './load-log'
import { stepRows } from './step-rows'

let organization: TestOrganization
beforeAll(async () => {
  organization = await makeOrganization()
})

const graph = graphOf('start -> loop', {
  start: { type: 'trigger.manual' },
  loop: { type: 'flow.for_each' },
  work: { type: 'data.set', params: { fields: [{ name: 'n', value: 1 }] }, parent: 'loop' },
})
const step = (path: string, more: Partial<StepRecord> = {}): StepRecord => ({
  path,
  attempt: 1,
  status: 'succeeded',
  port: 'main',
  startedAt: new Date(),
  durationUs: 1,
  ...more,
})
const loop = idOf('loop')
const items = Array.from({ length: 2_500 }, (_, n) => step(`${loop}/${n}/${idOf('work')}`, { output: { n } }))

async function runWith(records: readonly StepRecord[]): Promise<string> {
  const workflow = await makeWorkflow(organization, { graph })
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
  await withDatabase(workerDb(), () => record(runId, records))
  return runId
}

async function record(runId: string, records: readonly StepRecord[]): Promise<void> {
  const holder = newId('hold')
  await renewHolder({ id: holder, kind: 'worker', host: 'here', pid: 1, build: 'test' })
  const taken = await takeRun(runId, holder)
  if (taken.outcome !== 'taken') throw new Error(taken.outcome)
  const fence = { organizationId: organization.id, runId, epoch: taken.epoch }
  await recordSteps(fence, await stepRows(organization.id, records, 1), workerDb(), true)
}

async function sent(runId: string): Promise<number> {
  let count = 0
  for await (const rows of stepRowsInParts(organization.id, runId, [loop])) {
    expect(rows.length).toBeLessThanOrEqual(1_000)
    count += rows.length
  }
  return count
}

const load = (runId: string) => withDatabase(workerDb(), () => loadLog(organization.id, runId, compiled(graph)))

describe('the log of a run that is taken up', () => {
  it('comes in parts and holds of items that are done no more than their results', async () => {
    const runId = await runWith([step(loop, { status: 'started' }), ...items, step(`${loop}/2500/${idOf('work')}`, { status: 'started' })])
    expect(await sent(runId)).toBe(2_502)
    const { log, finished, lastSeq } = await load(runId)
    expect([...log.keys()].sort()).toEqual([loop, `${loop}/2500/${idOf('work')}`])
    expect(finished?.get(loop)?.size).toBe(2_500)
    expect(finished?.get(loop)?.get(1_234)).toEqual({ n: 1_234 })
    expect(lastSeq).toBe(2_502)
  })

  it('holds nothing of what happened in a loop that is over', async () => {
    const runId = await runWith([step(loop, { output: [] }), ...items])
    expect(await sent(runId)).toBe(1)
    const { log, lastSeq } = await load(runId)
    expect([...log.keys()]).toEqual([loop])
    expect(lastSeq).toBe(2_501)
  })
})
