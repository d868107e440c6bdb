import { and, eq, gt } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { drafts, workflowVersions } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { notFound } from '@/server/services/service-error'
import { migrateNode } from '@/workflows/graph/migrate-node'
import type { Graph } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'

/** The draft's graph with older nodes brought up to date, and its revision. */
export async function getDraft(
  tx: Transaction,
  organizationId: string,
  workflowId: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<{ graph: Graph; revision: number }> {
  const query = tx
    .select({ graph: drafts.graph, revision: drafts.revision })
    .from(drafts)
    .where(and(eq(drafts.organizationId, organizationId), eq(drafts.workflowId, workflowId)))
  const [row] = lock ? await query.for('update') : await query
  if (!row) throw notFound('workflow')
  return { graph: upToDate(row.graph), revision: row.revision }
}

export function upToDate(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => migrateNode(node, catalogue) ?? node) }
}

/** A published version of this workflow, with its graph as it was frozen. */
export async function getVersionRow(tx: Transaction, caller: Caller, versionId: string) {
  const [row] = await tx
    .select()
    .from(workflowVersions)
    .where(
      and(eq(workflowVersions.organizationId, caller.organizationId), eq(workflowVersions.id, versionId), gt(workflowVersions.number, 0)),
    )
  if (!row) throw notFound('version')
  return row
}

export async function getVersionOf(tx: Transaction, caller: Caller, workflowId: string, versionId: string) {
  const row = await getVersionRow(tx, caller, versionId)
  if (row.workflowId !== workflowId) throw notFound('version')
  return row
}

export async function getVersionGraph(tx: Transaction, organizationId: string, versionId: string): Promise<Graph | null> {
  const [row] = await tx
    .select({ graph: workflowVersions.graph })
    .from(workflowVersions)
    .where(and(eq(workflowVersions.organizationId, organizationId), eq(workflowVersions.id, versionId)))
  return row?.graph ?? null
}
