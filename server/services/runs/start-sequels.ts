import { and, eq, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { organizationOfSequel } from '@/db/engine'
import { toUuid } from '@/db/ids'
import { organizations, runSequels, runs, workflows } from '@/db/schema'
import { config } from '@/server/config'
import { log } from '@/server/log'
import { getVersionGraph } from '@/server/services/workflows/get-graph'
import { findLiveId } from '@/server/services/workflows/live-tag'
import { triggersOf } from '@/server/services/workflows/triggers-of'
import type { Json } from '@/workflows/graph/schema'
import { acceptRun } from './accept-run'

/**
 * Starts the error workflow of a run that failed: its row goes in the transaction that accepts the new run, so it starts once. Answers
 * the runs.
 */
export async function startSequels(runId: string): Promise<string[]> {
  const organizationId = await organizationOfSequel(runId)
  if (!organizationId) return []
  return inOrganization(organizationId, async (tx) => {
    const sequels = await tx
      .delete(runSequels)
      .where(and(eq(runSequels.organizationId, organizationId), eq(runSequels.runId, runId)))
      .returning({ workflowId: runSequels.workflowId })
    const started: string[] = []
    if (sequels.length === 0 || (await followsAFailure(tx, organizationId, runId))) return started
    for (const { workflowId } of sequels) {
      const told = await tell(tx, organizationId, runId, workflowId)
      if (told) started.push(told)
    }
    return started
  })
}

/** What an error workflow calls belongs to it: its failures start nothing, or two workflows could start each other for ever. */
async function followsAFailure(tx: Transaction, organizationId: string, runId: string): Promise<boolean> {
  const [found] = await tx.execute<{ follows: boolean }>(sql`
    with recursive above as (
      select parent_run_id, trigger from runs where organization_id = ${toUuid(organizationId, 'org')}::uuid and id = ${toUuid(runId, 'run')}::uuid
      union all select r.parent_run_id, r.trigger from runs r join above a on r.id = a.parent_run_id
        where r.organization_id = ${toUuid(organizationId, 'org')}::uuid
    ) select bool_or(trigger = 'error') as follows from above`)
  return found?.follows === true
}

async function tell(tx: Transaction, organizationId: string, runId: string, workflowId: string): Promise<string | null> {
  const input = await inputOf(tx, organizationId, runId)
  const versionId = await findLiveId(tx, organizationId, workflowId)
  const graph = versionId ? await getVersionGraph(tx, organizationId, versionId) : null
  const trigger = graph && triggersOf(graph).find(({ kind, disabled }) => kind === 'error' && !disabled)
  const [workflow] = await tx
    .select({ deletedAt: workflows.deletedAt })
    .from(workflows)
    .where(and(eq(workflows.organizationId, organizationId), eq(workflows.id, workflowId)))
  if (!input || !versionId || !trigger || !workflow || workflow.deletedAt) {
    log.warn('an error workflow could not be started: it is not live, or has no trigger for errors', { runId, organizationId, workflowId })
    return null
  }
  const { runId: started } = await acceptRun(tx, {
    organizationId,
    workflowId,
    versionId,
    trigger: 'error',
    triggerNodeId: trigger.nodeId,
    triggerRef: runId,
    input,
    dedupe: { source: `error:${workflowId}`, key: runId },
  })
  return started
}

async function inputOf(tx: Transaction, organizationId: string, runId: string): Promise<Json> {
  const [found] = await tx
    .select({ run: runs, workflowName: workflows.name, slug: organizations.slug })
    .from(runs)
    .innerJoin(workflows, and(eq(workflows.organizationId, runs.organizationId), eq(workflows.id, runs.workflowId)))
    .innerJoin(organizations, eq(organizations.id, runs.organizationId))
    .where(and(eq(runs.organizationId, organizationId), eq(runs.id, runId)))
  if (!found) return null
  const { run, workflowName, slug } = found
  const { path = '', nodeTitle = '', details: _details, ...error } = run.error ?? { class: 'internal', code: '', message: '' }
  return {
    workflow: {
      id: run.workflowId,
      name: workflowName,
      version: run.versionNumber !== null && run.versionNumber > 0 ? run.versionNumber : null,
    },
    run: {
      id: run.id,
      url: `${config().url}/o/${slug}/runs/${run.id}`,
      trigger: run.trigger,
      startedAt: (run.startedAt ?? run.createdAt).toISOString(),
    },
    step: { path, title: nodeTitle },
    error: error as unknown as Json,
  }
}
