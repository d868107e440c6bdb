import { and, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { runs, workflowVersions } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { isLarge, previewOf } from '@/server/services/blobs/blob-store'
import { numberFrom, numberOrNull, rowsOf, textOrNull, timeFrom } from '@/server/services/rows'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { basesOf } from '@/workflows/graph/basis-of'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import { staleResults } from '@/workflows/graph/stale-results'
import { catalogue } from '@/workflows/nodes/catalogue'
import { cancelledTest } from './cancelled-test'
import type { DraftResult, draftResults, draftTarget, WaitingStep } from './contract'
import { iterationResults } from './iteration-results'
import { waitingSteps } from './waiting-steps'

/** As the database keeps it: a large output is a preview here, and its hash names the whole one. */
export type KeptResult = DraftResult & { blobHash: Buffer | null }

/** What each node of the draft last gave: tests and pins first, then the newest run; steps in loops for one item; where a test waits, and where the last was stopped. */
export function listDraftResults(caller: Caller, { workflowId }: z.infer<typeof draftTarget>): Promise<z.infer<typeof draftResults>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.read')
    if (!can(caller, 'run.payload', workflow.projectId)) return { results: [], waiting: [], cancelled: null }
    const { graph } = await getDraft(tx, caller.organizationId, workflowId)
    const waiting = await waitingSteps(tx, caller.organizationId, workflowId)
    const results = shownResults(await resultsOf(tx, caller.organizationId, workflowId, graph), waiting)
    const inside = await iterationResults(tx, caller.organizationId, workflowId, graph, results)
    const cancelled = await cancelledTest(tx, caller.organizationId, workflowId, graph)
    return { results: withStale(graph, [...results, ...inside]), waiting, cancelled }
  })
}

function withStale(graph: Graph, results: DraftResult[]): DraftResult[] {
  const stale = staleResults(graph, results, catalogue)
  return results.map((one) => (stale.has(one.nodeId) === one.stale ? one : { ...one, stale: stale.has(one.nodeId) }))
}

/** As they are sent: of a large output only its beginning, and nothing of a step that waited in a test that went on unseen or was left. */
export function shownResults(results: readonly KeptResult[], waiting: readonly WaitingStep[]): DraftResult[] {
  const waits = new Set(waiting.map((one) => one.nodeId))
  const told = results.filter(({ status, nodeId }) => status !== 'waiting' || waits.has(nodeId))
  return told.map(({ blobHash: _hash, ...result }) => {
    if (result.outputBytes !== null) return result
    const text = JSON.stringify(result.output)
    return isLarge(text) ? { ...result, output: previewOf(text), outputBytes: Buffer.byteLength(text) } : result
  })
}

export async function resultsOf(tx: Transaction, organizationId: string, workflowId: string, graph: Graph): Promise<KeptResult[]> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const kept = await keptRows(tx, organizationId, workflowId)
  const results = new Map<string, KeptResult>()
  for (const fromRun of await newestRunResults(tx, organizationId, workflowId, nodes)) results.set(fromRun.nodeId, fromRun)
  for (const row of kept) {
    if (!nodes.has(row.nodeId)) continue
    const there = results.get(row.nodeId)
    if (there && !row.pinned && there.at > row.at) continue
    results.set(row.nodeId, row)
  }
  const stale = staleResults(graph, results.values(), catalogue)
  return [...results.values()].map((result) => (stale.has(result.nodeId) ? { ...result, stale: true } : result))
}

async function keptRows(tx: Transaction, organizationId: string, workflowId: string): Promise<KeptResult[]> {
  const rows = await rowsOf(
    tx,
    sql`select d.*, b.bytes from draft_results d left join blobs b on b.organization_id = d.organization_id and b.hash = d.blob_hash
      where d.organization_id = ${toUuid(organizationId, 'org')} and d.workflow_id = ${toUuid(workflowId, 'wf')}`,
  )
  return rows.map((row) => ({
    ...resultFrom(row),
    nodeId: String(row.node_id),
    durationMs: row.duration_us === null ? null : numberFrom(row.duration_us) / 1000,
    basis: textOrNull(row.input_hash),
    pinned: row.pinned === true,
    source: row.source as DraftResult['source'],
    at: timeFrom(row.at),
  }))
}

/** What a step of a run and a kept result have in common. */
function resultFrom(row: Record<string, unknown>) {
  return {
    status: String(row.status),
    port: textOrNull(row.port),
    input: (row.input ?? null) as Json,
    output: (row.output ?? null) as Json,
    error: (row.error ?? null) as DraftResult['error'],
    outputBytes: numberOrNull(row.bytes),
    blobHash: row.blob_hash ? Buffer.from(row.blob_hash as Uint8Array) : null,
    stale: false,
  }
}

async function newestRunResults(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  nodes: ReadonlyMap<string, GraphNode>,
): Promise<KeptResult[]> {
  const [run] = await tx
    .select({ id: runs.id, versionId: runs.versionId, input: runs.input, triggerNodeId: runs.triggerNodeId, createdAt: runs.createdAt })
    .from(runs)
    .where(and(eq(runs.organizationId, organizationId), eq(runs.workflowId, workflowId), sql`trigger <> 'test'`))
    .orderBy(desc(runs.id))
    .limit(1)
  if (!run) return []
  const [version] = run.versionId
    ? await tx
        .select({ graph: workflowVersions.graph })
        .from(workflowVersions)
        .where(and(eq(workflowVersions.organizationId, organizationId), eq(workflowVersions.id, run.versionId)))
    : []
  const bases = version ? basesOf(version.graph, catalogue) : new Map<string, string>()
  const rows = await rowsOf(
    tx,
    sql`select distinct on (s.path) s.path, s.status, s.port, s.input, s.output, s.error, s.duration_us, s.started_at, s.blob_hash, b.bytes
      from run_steps s left join blobs b on b.organization_id = s.organization_id and b.hash = s.blob_hash
      where s.organization_id = ${toUuid(organizationId, 'org')} and s.run_id = ${toUuid(run.id, 'run')} and position('/' in s.path) = 0
        and s.status in ('succeeded', 'failed') order by s.path, s.attempt desc limit 2000`,
  )
  const results = rows.flatMap((row): KeptResult[] => {
    const nodeId = String(row.path)
    if (!nodes.has(nodeId)) return []
    const durationMs = numberFrom(row.duration_us) / 1000
    const basis = bases.get(nodeId) ?? 'unknown'
    return [{ ...resultFrom(row), nodeId, durationMs, basis, pinned: false, source: 'run', at: timeFrom(row.started_at) }]
  })
  const trigger = run.triggerNodeId ? nodes.get(run.triggerNodeId) : undefined
  if (trigger && !results.some((result) => result.nodeId === trigger.id)) {
    results.push({
      ...resultFrom({ status: 'succeeded', port: 'main', output: run.input }),
      nodeId: trigger.id,
      durationMs: null,
      basis: null,
      pinned: false,
      source: 'run',
      at: run.createdAt,
    })
  }
  return results
}
