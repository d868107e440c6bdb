import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils'
import { Worker } from '@temporalio/worker'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporalClient } from '@/server/temporal/client'
import { nudgeRun } from '@/server/temporal/nudge'
import { makeOrganization, makeWorkflow, type TestOrganization } from '../support/database'
import { graphOf } from '../support/plan-of'
import { ended, startRun, temporalServer, untilRun, workerProcess } from './support'

const folder = path.join(import.meta.dirname, '..', 'fixtures', 'histories')
const workflowsPath = path.join(import.meta.dirname, '..', '..', 'workflows', 'index.ts')

temporalServer()
workerProcess({ lane: 'off' })
let organization: TestOrganization
beforeAll(async () => {
  organization = await makeOrganization()
})

const trigger = { type: 'trigger.manual' }
const shapes = {
  short: graphOf('start -> end', { start: trigger, end: { type: 'data.set' } }),
  waits: graphOf('start -> pause -> end', {
    start: trigger,
    pause: { type: 'flow.wait', params: { mode: 'for', durationMs: 400 } },
    end: { type: 'data.set' },
  }),
  queued: graphOf('start -> ask', { start: trigger, ask: { type: 'ai.model', params: { prompt: 'Hello' } } }),
}

describe('the Temporal workflow', () => {
  it.each(Object.keys(shapes) as (keyof typeof shapes)[])('replays what it did itself: %s', async (name) => {
    const workflow = await makeWorkflow(organization, { graph: shapes[name] })
    const runId = await startRun(organization, workflow, {})
    if (name === 'waits') await nudgeRun(runId)
    await untilRun(organization, runId, ended)
    await temporalClient().workflow.getHandle(runId).result()
    const history = await temporalClient().workflow.getHandle(runId).fetchHistory()
    if (process.env.RECORD_HISTORIES)
      writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(JSON.parse(historyToJSON(history)), null, 1)}\n`)
    await Worker.runReplayHistory({ workflowsPath }, history, runId)
  })

  it.each(readdirSync(folder))('still replays the recorded history %s', async (file) => {
    const history = historyFromJSON(JSON.parse(readFileSync(path.join(folder, file), 'utf8')))
    expect(history.events?.length).toBeGreaterThan(3)
    await Worker.runReplayHistory({ workflowsPath }, history, file)
  })
})
