import { and, eq, gt } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { workflowVersions } from '@/db/schema'
import type { Graph } from '@/workflows/graph/schema'
import { triggerSubWorkflow } from '@/workflows/nodes/trigger-sub-workflow/definition'
import { findTagged } from './live-tag'
import { type Trigger, triggersOf } from './triggers-of'

/** The version that a step names by its number or a tag. */
export async function findCalledVersion(
  tx: Transaction,
  organizationId: string,
  { workflowId, version }: { workflowId: string; version: string | number },
): Promise<{ id: string; graph: Graph } | null> {
  const versionId = typeof version === 'string' ? await findTagged(tx, organizationId, workflowId, version) : null
  if (typeof version === 'string' && !versionId) return null
  const [found] = await tx
    .select({ id: workflowVersions.id, graph: workflowVersions.graph })
    .from(workflowVersions)
    .where(
      and(
        eq(workflowVersions.organizationId, organizationId),
        eq(workflowVersions.workflowId, workflowId),
        gt(workflowVersions.number, 0),
        typeof version === 'string' ? eq(workflowVersions.id, versionId as string) : eq(workflowVersions.number, version),
      ),
    )
  return found ?? null
}

/** The trigger at which a call of another workflow begins. */
export function calledTrigger(graph: Graph): Trigger | undefined {
  const triggers = triggersOf(graph).filter((trigger) => !trigger.disabled)
  return triggers.find(({ kind }) => kind === 'sub_workflow') ?? triggers.find(({ kind }) => kind === 'manual')
}

/** What that trigger is set to; null for a workflow that starts by hand. */
export function calledParams(graph: Graph, { kind, nodeId }: Trigger) {
  if (kind !== 'sub_workflow') return null
  const parsed = triggerSubWorkflow.params.safeParse(graph.nodes.find((node) => node.id === nodeId)?.params)
  return parsed.success ? parsed.data : null
}
