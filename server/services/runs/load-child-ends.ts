import { and, eq, inArray } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { runs, workflows } from '@/db/schema'
import type { ChildEnd } from '@/workflows/runtime/types'

/** How runs that a parent waited for ended, by id, with what they gave. */
export async function loadChildEnds(organizationId: string, runIds: readonly string[]): Promise<Map<string, ChildEnd>> {
  if (runIds.length === 0) return new Map()
  const rows = await inOrganization(organizationId, (tx) =>
    tx
      .select({ runId: runs.id, status: runs.status, output: runs.output, error: runs.error, name: workflows.name })
      .from(runs)
      .innerJoin(workflows, and(eq(workflows.organizationId, runs.organizationId), eq(workflows.id, runs.workflowId)))
      .where(and(eq(runs.organizationId, organizationId), inArray(runs.id, [...runIds]))),
  )
  return new Map(
    rows.map(({ runId, status, output, error, name }) => [
      runId,
      {
        runId,
        status: status as ChildEnd['status'],
        workflowName: name,
        output: output ?? null,
        ...(error ? { error } : {}),
      },
    ]),
  )
}
