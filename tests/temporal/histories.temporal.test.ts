import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils'
import { Worker } from '@temporalio/worker'
import { inArray } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { inOrganization } from '@/db/client'
import { runSteps, runs } from '@/db/schema'
import { temporalClient } from '@/server/temporal/client'
import { makeOrganization, type TestOrganization } from '../support/database'
import { type Driven, longKinds, runKinds } from './run-kinds'
import { temporalServer, workerProcess } from './support'

const folder = path.join(import.meta.dirname, '..', 'fixtures', 'histories')
const workflowsPath = path.join(import.meta.dirname, '..', '..', 'workflows', 'index.ts')
const records = process.env.RECORD_HISTORIES === '1'

temporalServer()
let organization: TestOrganization
beforeEach(async () => {
  // The scripted model stands here.
  process.env.MILLRACE_ALLOWED_HOSTS = '127.0.0.1'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization ??= await makeOrganization()
})

const kinds = Object.keys(runKinds).filter((name) => records || !longKinds.has(name))
const drive = (name: string) => (runKinds[name] as (typeof runKinds)[string])(organization)

/** What became of the runs, and what their steps did: the same, whoever drove them. */
async function logOf(driven: readonly Driven[]) {
  const runIds = driven.map(({ workflowId }) => workflowId).filter((id) => id.startsWith('run_'))
  return inOrganization(organization.id, async (tx) => {
    const ends = await tx.select().from(runs).where(inArray(runs.id, runIds))
    const steps = await tx.select().from(runSteps).where(inArray(runSteps.runId, runIds))
    // As they were driven: the id of a run that a step started is derived, and stands before or behind its parent's.
    const inOrder = runIds.flatMap((id) => ends.filter((run) => run.id === id))
    return inOrder.map(({ id, status, error, stepsDone }) => ({
      status,
      error: error?.code ?? null,
      stepsDone,
      steps: steps
        .filter((step) => step.runId === id)
        .map(({ path: at, attempt, status: how, port }) => `${at} ${attempt} ${how} ${port}`)
        .sort(),
    }))
  })
}
const withLane = new Map<string, Awaited<ReturnType<typeof logOf>>>()

describe.skipIf(records)('with a lane', () => {
  workerProcess({ lane: 'on' })
  afterAll(() => {
    organization = undefined as never
  })
  it.each(kinds)('every kind of run comes to its end: %s', async (name) => {
    withLane.set(name, await logOf(await drive(name)))
    expect(withLane.get(name)?.length).toBeGreaterThan(0)
  })
})

async function historyOf({ workflowId, executionId }: Driven) {
  const handle = temporalClient().workflow.getHandle(workflowId, executionId)
  // One that began a new one has no result of its own.
  if (!executionId) await handle.result()
  return handle.fetchHistory()
}

const corpus = readdirSync(folder).sort()
/** `plain.json.gz`, one of several `sub-workflow.2.json.gz`, or one from a release before `plain.first.json.gz`. */
const kindOf = (file: string) => file.split('.')[0]

describe('the Temporal workflow', () => {
  workerProcess({ lane: 'off' })
  it.each(kinds)(
    'does by itself what a lane does, and replays it: %s',
    async (name) => {
      const driven = await drive(name)
      if (!records) expect(await logOf(driven)).toEqual(withLane.get(name))
      for (const [index, one] of driven.entries()) {
        const history = await historyOf(one)
        await Worker.runReplayHistory({ workflowsPath }, history, one.workflowId)
        if (!records) continue
        const file = path.join(folder, `${name}${driven.length > 1 ? `.${index + 1}` : ''}.json.gz`)
        writeFileSync(file, gzipSync(JSON.stringify(JSON.parse(historyToJSON(history))), { level: 9 }))
      }
    },
    records ? 600_000 : 60_000,
  )

  it('has a recorded history of every kind of run', () => {
    expect(new Set(corpus.map(kindOf))).toEqual(new Set(Object.keys(runKinds)))
  })

  it.each(corpus)('still replays the recorded history %s', async (file) => {
    const history = historyFromJSON(JSON.parse(gunzipSync(readFileSync(path.join(folder, file))).toString('utf8')))
    expect(history.events?.length).toBeGreaterThan(3)
    await Worker.runReplayHistory({ workflowsPath }, history, file)
  })
})
