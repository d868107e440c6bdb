import { and, asc, eq, type SQL } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { runs, workflows } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'

/** The run that started this one, and those that it started, as far as the viewer may see them. */
export async function relativesOf(tx: Transaction, caller: Caller, which: SQL | undefined) {
  const found = await tx
    .select({ id: runs.id, status: runs.status, projectId: runs.projectId, path: runs.parentPath, workflowName: workflows.name })
    .from(runs)
    .innerJoin(workflows, and(eq(workflows.organizationId, runs.organizationId), eq(workflows.id, runs.workflowId)))
    .where(and(eq(runs.organizationId, caller.organizationId), which))
    .orderBy(asc(runs.createdAt))
    .limit(50)
  return found.flatMap(({ projectId, ...run }) => (can(caller, 'run.read', projectId) ? [run] : []))
}
