import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { runs } from '@/db/schema'
import { waitForChange } from '@/server/realtime/wait-for-change'
import type { RunRow } from './require-run'

/** The run when it is finished, or as it is when the time is over. A lost notification costs a second at most. */
export async function waitForRun(organizationId: string, runId: string, ms: number, signal?: AbortSignal): Promise<RunRow | null> {
  return waitForChange({
    organizationId,
    ids: [runId],
    ms,
    signal,
    look: () => findRun(organizationId, runId),
    isDone: (run) => run === null || run.finishedAt !== null,
  })
}

export async function findRun(organizationId: string, runId: string): Promise<RunRow | null> {
  const [run] = await inOrganization(organizationId, (tx) =>
    tx
      .select()
      .from(runs)
      .where(and(eq(runs.organizationId, organizationId), eq(runs.id, runId))),
  )
  return run ?? null
}
