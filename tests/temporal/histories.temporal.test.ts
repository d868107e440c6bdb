import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils'
import { Worker } from '@temporalio/worker'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporalClient } from '@/server/temporal/client'
import { makeOrganization, type TestOrganization } from '../support/database'
import { type Driven, longKinds, runKinds } from './run-kinds'
import { temporalServer, workerProcess } from './support'

const folder = path.join(import.meta.dirname, '..', 'fixtures', 'histories')
const workflowsPath = path.join(import.meta.dirname, '..', '..', 'workflows', 'index.ts')
const records = process.env.RECORD_HISTORIES === '1'

temporalServer()
workerProcess({ lane: 'off' })
let organization: TestOrganization
beforeAll(async () => {
  // The scripted model stands here.
  process.env.MILLRACE_ALLOWED_HOSTS = '127.0.0.1'
  delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  organization = await makeOrganization()
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
  it.each(Object.keys(runKinds).filter((name) => records || !longKinds.has(name)))(
    'replays what it did itself: %s',
    async (name) => {
      const driven = await (runKinds[name] as (typeof runKinds)[string])(organization)
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
