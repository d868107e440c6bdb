import { settledWaitRows, stepRows, stepRowsInParts } from '@/db/engine'
import { blobStore } from '@/server/services/blobs/blob-store'
import { numberFrom } from '@/server/services/rows'
import { loadChildEnds } from '@/server/services/runs/load-child-ends'
import { recordOf } from '@/server/services/runs/load-log'
import type { Json } from '@/workflows/graph/schema'
import { createLogFold } from '@/workflows/runtime/fold-log'
import { neededOutputs } from '@/workflows/runtime/needed-outputs'
import type { FinishedItems, Plan, PlanNode, SettledWait, StepRecord } from '@/workflows/runtime/types'

export interface LoadedLog {
  log: Map<string, StepRecord>
  finished?: FinishedItems
  settled: SettledWait[]
  lastSeq: number
}

/** What happened in a run so far. Large values are read when a step that is still to come reads them, but for those that are results. */
export async function loadLog(organizationId: string, runId: string, plan: Plan): Promise<LoadedLog> {
  const containers = [...plan.nodes.values()].filter((planned) => planned.each !== undefined || planned.sections.length > 0)
  const [loaded, waits] = await Promise.all([
    containers.length > 0 ? loadFolded(organizationId, runId, plan, containers) : loadAll(organizationId, runId),
    settledWaitRows(organizationId, runId),
  ])
  const { log } = loaded
  await bringNeeded(organizationId, plan, log)
  return { ...loaded, settled: await withChildEnds(organizationId, waits.map(settledOf), log) }
}

type Steps = Pick<LoadedLog, 'log' | 'finished' | 'lastSeq'>

async function loadAll(organizationId: string, runId: string): Promise<Steps> {
  const log = new Map<string, StepRecord>()
  let lastSeq = 0
  for (const row of await stepRows(organizationId, runId)) {
    log.set(String(row.path), slimRecordOf(row))
    lastSeq = Math.max(lastSeq, numberFrom(row.seq))
  }
  return { log, lastSeq }
}

async function loadFolded(organizationId: string, runId: string, plan: Plan, containers: readonly PlanNode[]): Promise<Steps> {
  const fold = createLogFold(plan)
  let lastSeq = 0
  const outermost = containers.filter(({ node }) => plan.order.includes(node.id)).map(({ node }) => node.id)
  for await (const rows of stepRowsInParts(organizationId, runId, outermost)) {
    for (const row of rows) fold.add(slimRecordOf(row))
    lastSeq = numberFrom(rows[0]?.last_seq)
  }
  return { ...fold.end(), lastSeq }
}

/** In place of a value that is kept apart its row holds what people see of it. */
export function slimRecordOf(row: Record<string, unknown>): StepRecord {
  const record = recordOf(row)
  if (!row.blob_hash) return record
  record.output = undefined
  record.apart = { output: String(row.blob_hash) }
  return record
}

export async function bringNeeded(organizationId: string, plan: Plan, log: ReadonlyMap<string, StepRecord>): Promise<void> {
  const apart = [...log.values()].filter((record) => record.apart?.output !== undefined).map(({ path }) => path)
  for (const path of neededOutputs(plan, log, apart)) {
    const record = log.get(path) as StepRecord
    const hash = record.apart?.output as string
    record.output = (await blobStore.get(organizationId, [hash])).get(hash)
  }
}

/** Where a child ended and its parent has not heard yet, how it did. */
async function withChildEnds(organizationId: string, settled: SettledWait[], log: ReadonlyMap<string, StepRecord>): Promise<SettledWait[]> {
  const isNew = (wait: SettledWait) => {
    const record = log.get(wait.path)
    return wait.kind === 'child' && wait.settledBy !== 'timer' && (!record || record.attempt < wait.attempt || record.status === 'waiting')
  }
  const runIdOf = (wait: SettledWait) => String((wait.result as { runId?: unknown } | null)?.runId)
  const ends = await loadChildEnds(organizationId, settled.filter(isNew).map(runIdOf))
  if (ends.size === 0) return settled
  return settled.map((wait) => ({ ...wait, result: (ends.get(runIdOf(wait)) ?? wait.result) as Json }))
}

function settledOf(row: Record<string, unknown>): SettledWait {
  return {
    path: String(row.path),
    attempt: numberFrom(row.attempt),
    kind: row.kind as SettledWait['kind'],
    settledBy: row.settled_by === 'timer' || row.settled_by === 'person' ? row.settled_by : 'outside',
    result: (row.result ?? null) as Json,
  }
}
