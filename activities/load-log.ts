import { settledWaitRows, stepRows } from '@/db/engine'
import { blobStore } from '@/server/services/blobs/blob-store'
import { numberFrom } from '@/server/services/rows'
import { loadChildEnds } from '@/server/services/runs/load-child-ends'
import { recordOf } from '@/server/services/runs/load-log'
import type { Json } from '@/workflows/graph/schema'
import { staysHere } from '@/workflows/runtime/apart-values'
import { isSettled } from '@/workflows/runtime/flow-state'
import { readPath } from '@/workflows/runtime/node-id-of'
import type { Plan, SettledWait, StepRecord } from '@/workflows/runtime/types'

export interface LoadedLog {
  log: Map<string, StepRecord>
  settled: SettledWait[]
  lastSeq: number
}

/** What happened in a run so far. Large values are read when a step that is still to come reads them, but for those that are results. */
export async function loadLog(organizationId: string, runId: string, plan: Plan): Promise<LoadedLog> {
  const [rows, waits] = await Promise.all([stepRows(organizationId, runId), settledWaitRows(organizationId, runId)])
  const log = new Map<string, StepRecord>()
  const apart = new Map<string, string>()
  let lastSeq = 0
  for (const row of rows) {
    const record = recordOf(row)
    log.set(record.path, record)
    lastSeq = Math.max(lastSeq, numberFrom(row.seq))
    if (!row.blob_hash) continue
    const output = String(row.blob_hash)
    apart.set(record.path, output)
    // In its place stands what people see of it.
    record.output = undefined
    record.apart = { output }
  }
  const wanted = neededOutputs(plan, log, [...apart.keys()])
  if (wanted.length > 0) {
    const values = await blobStore.get(
      organizationId,
      wanted.map((path) => apart.get(path) as string),
    )
    for (const path of wanted) {
      const record = log.get(path)
      const hash = apart.get(path)
      if (record && hash && values.has(hash)) log.set(path, { ...record, output: values.get(hash) as Json })
    }
  }
  return { log, settled: await withChildEnds(organizationId, waits.map(settledOf), log), lastSeq }
}

/** Where a child ended and its parent has not heard yet, how it did. */
async function withChildEnds(organizationId: string, settled: SettledWait[], log: ReadonlyMap<string, StepRecord>): Promise<SettledWait[]> {
  const isNew = (wait: SettledWait) => {
    const record = log.get(wait.path)
    return wait.kind === 'child' && (!record || record.attempt < wait.attempt || record.status === 'waiting')
  }
  const runIdOf = (wait: SettledWait) => String((wait.result as { runId?: unknown } | null)?.runId)
  const ends = await loadChildEnds(organizationId, settled.filter(isNew).map(runIdOf))
  if (ends.size === 0) return settled
  return settled.map((wait) => ({ ...wait, result: (ends.get(runIdOf(wait)) ?? wait.result) as Json }))
}

/** Paths among these whose values become the result of what they stand in, or are read by an agent that is at work. */
function neededOutputs(plan: Plan, log: ReadonlyMap<string, StepRecord>, paths: readonly string[]): string[] {
  const isDone = (path: string) => {
    const record = log.get(path)
    return record !== undefined && isSettled(record)
  }
  return paths.filter((path) => {
    const { nodeId, containers, within } = readPath(path)
    let prefix = ''
    for (const { id, iteration } of containers) {
      if (isDone(prefix + id)) return false
      prefix += `${id}/${iteration}/`
    }
    // While an agent works, every answer inside it is read again.
    if (within !== '') return !isDone(prefix + nodeId)
    const planned = plan.nodes.get(nodeId)
    return !planned || staysHere(planned, log.get(path) as StepRecord)
  })
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
