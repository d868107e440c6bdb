import { and, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { draftResults, runs, workflowVersions } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { numberFrom, rowsOf, textOrNull, timeFrom } from '@/server/services/rows'
import { getDraft } from '@/server/services/workflows/get-graph'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { contentHash } from '@/workflows/graph/content-hash'
import type { Graph, GraphNode, Json } from '@/workflows/graph/schema'
import type { DraftResult, draftTarget } from './contract'

/** What each node of the draft last gave: tests and pins first, then the newest run. */
export function listDraftResults(caller: Caller, { workflowId }: z.infer<typeof draftTarget>): Promise<{ results: DraftResult[] }> {
  return inOrganization(caller.organizationId, async (tx) => {
    const workflow = await requireWorkflow(tx, caller, workflowId, 'workflow.read')
    if (!can(caller, 'run.payload', workflow.projectId)) return { results: [] }
    const { graph } = await getDraft(tx, caller.organizationId, workflowId)
    return { results: await resultsOf(tx, caller.organizationId, workflowId, graph) }
  })
}

export async function resultsOf(tx: Transaction, organizationId: string, workflowId: string, graph: Graph): Promise<DraftResult[]> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const kept = await tx
    .select()
    .from(draftResults)
    .where(and(eq(draftResults.organizationId, organizationId), eq(draftResults.workflowId, workflowId)))
  const results = new Map<string, DraftResult>()
  for (const fromRun of await newestRunResults(tx, organizationId, workflowId, nodes)) results.set(fromRun.nodeId, fromRun)
  for (const row of kept) {
    const node = nodes.get(row.nodeId)
    if (!node) continue
    const there = results.get(row.nodeId)
    if (there && !row.pinned && there.at > row.at) continue
    results.set(row.nodeId, {
      nodeId: row.nodeId,
      status: row.status,
      port: row.port,
      input: (row.input ?? null) as Json,
      output: (row.output ?? null) as Json,
      error: (row.error ?? null) as DraftResult['error'],
      durationMs: row.durationUs === null ? null : row.durationUs / 1000,
      stale: !row.pinned && row.source === 'test' && row.inputHash !== null && row.inputHash !== hashOfNode(node),
      pinned: row.pinned,
      source: row.source,
      at: row.at,
    })
  }
  return [...results.values()]
}

/** What of a node decides its result; its place on the canvas does not. */
export function hashOfNode(node: GraphNode): string {
  return contentHash([node.type, node.version, node.params, node.settings])
}

async function newestRunResults(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  nodes: ReadonlyMap<string, GraphNode>,
): Promise<DraftResult[]> {
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
  const then = new Map((version?.graph.nodes ?? []).map((node) => [node.id, node]))
  const rows = await rowsOf(
    tx,
    sql`select distinct on (path) path, status, port, input, output, error, duration_us, started_at from run_steps
      where organization_id = ${toUuid(organizationId, 'org')} and run_id = ${toUuid(run.id, 'run')} and position('/' in path) = 0
        and status in ('succeeded', 'failed') order by path, attempt desc limit 2000`,
  )
  const results = rows.flatMap((row): DraftResult[] => {
    const node = nodes.get(String(row.path))
    if (!node) return []
    const before = then.get(node.id)
    return [
      {
        nodeId: node.id,
        status: String(row.status),
        port: textOrNull(row.port),
        input: (row.input ?? null) as Json,
        output: (row.output ?? null) as Json,
        error: (row.error ?? null) as DraftResult['error'],
        durationMs: numberFrom(row.duration_us) / 1000,
        stale: before === undefined || hashOfNode(before) !== hashOfNode(node),
        pinned: false,
        source: 'run',
        at: timeFrom(row.started_at),
      },
    ]
  })
  const trigger = run.triggerNodeId ? nodes.get(run.triggerNodeId) : undefined
  if (trigger && !results.some((result) => result.nodeId === trigger.id)) {
    results.push({
      nodeId: trigger.id,
      status: 'succeeded',
      port: 'main',
      input: null,
      output: run.input ?? null,
      error: null,
      durationMs: null,
      stale: false,
      pinned: false,
      source: 'run',
      at: run.createdAt,
    })
  }
  return results
}
