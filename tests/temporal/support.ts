import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll } from 'vitest'
import { type RunningWorker, startWorker } from '@/activities/start-worker'
import { inOrganization, withDatabase, workerDb } from '@/db/client'
import { runs } from '@/db/schema'
import { startTemporal } from '@/scripts/lib/temporal.mjs'
import { acceptRun } from '@/server/services/runs/accept-run'
import { closeTemporal } from '@/server/temporal/client'
import type { Json } from '@/workflows/graph/schema'
import type { TestOrganization, TestWorkflow } from '../support/database'

/** A Temporal server for this file, with its data in a folder of its own. */
export function temporalServer(): { home: string; restart(): Promise<void> } {
  const home = mkdtempSync(path.join(os.tmpdir(), 'millrace-temporal-'))
  let server: Awaited<ReturnType<typeof startTemporal>>
  beforeAll(async () => {
    server = await startTemporal({ home })
    process.env.TEMPORAL_ADDRESS = server.address
    delete (globalThis as { millraceConfig?: unknown }).millraceConfig
  })
  afterAll(async () => {
    await closeTemporal()
    await server.stop()
    rmSync(home, { recursive: true, force: true })
  })
  return {
    home,
    async restart() {
      await server.stop()
      server = await startTemporal({ home, port: server.port })
    },
  }
}

/** Where a test does not say, `npm test -- temporal --lane off` does. */
const usualLane = process.env.MILLRACE_LANE === 'off' ? 'off' : 'on'

export function workerProcess({ lane = usualLane, finishMs }: { lane?: 'on' | 'off'; finishMs?: number } = {}): {
  current(): RunningWorker
  stop(): Promise<void>
  start(): Promise<void>
} {
  let worker: RunningWorker | null = null
  const start = async () => {
    process.env.MILLRACE_LANE = lane
    delete (globalThis as { millraceConfig?: unknown }).millraceConfig
    // As in its own process: everything the worker asks goes through its role.
    worker = await withDatabase(workerDb(), () => startWorker({ build: 'test', ...(finishMs === undefined ? {} : { finishMs }) }))
  }
  const stop = async () => {
    await worker?.stop()
    worker = null
  }
  beforeAll(start)
  afterAll(stop)
  return {
    current: () => worker as RunningWorker,
    start,
    stop,
  }
}

export async function startRun(
  organization: TestOrganization,
  workflow: TestWorkflow,
  input: Json,
  more: { triggerNodeId?: string } = {},
): Promise<string> {
  const { runId } = await inOrganization(organization.id, (tx) =>
    acceptRun(tx, {
      organizationId: organization.id,
      workflowId: workflow.id,
      versionId: workflow.versionId as string,
      trigger: 'manual',
      triggerNodeId: more.triggerNodeId ?? null,
      input,
    }),
  )
  return runId
}

type RunRow = typeof runs.$inferSelect

/** Looks until the run is as wanted; fails with what it is instead. */
export async function untilRun(
  organization: TestOrganization,
  runId: string,
  isWanted: (run: RunRow) => boolean,
  ms = 30_000,
): Promise<RunRow> {
  const end = performance.now() + ms
  for (;;) {
    const [run] = await inOrganization(organization.id, (tx) => tx.select().from(runs).where(eq(runs.id, runId)))
    if (run && isWanted(run)) return run
    if (performance.now() > end) throw new Error(`the run is not as wanted: ${JSON.stringify(run)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export const ended = (run: RunRow): boolean => run.finishedAt !== null
