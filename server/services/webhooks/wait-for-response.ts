import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { runResponses, runs } from '@/db/schema'
import type { RunStatus } from '@/db/schema/runs'
import { waitForChange } from '@/server/realtime/wait-for-change'
import type { Json } from '@/workflows/graph/schema'

export interface Awaited {
  status: RunStatus
  finished: boolean
  output: Json
  error: { message: string; hint?: string | undefined } | null
  response: { status: number; headers: Record<string, string>; body: Json } | null
}

/** Until the run's *respond* step answered, or the run is finished, or the time is over. */
export function waitForResponse(organizationId: string, runId: string, ms: number, signal: AbortSignal): Promise<Awaited | null> {
  return waitForChange({
    organizationId,
    ids: [runId],
    ms,
    signal,
    look: () => look(organizationId, runId),
    isDone: (found) => found === null || found.finished || found.response !== null,
  })
}

async function look(organizationId: string, runId: string): Promise<Awaited | null> {
  const [row] = await inOrganization(organizationId, (tx) =>
    tx
      .select({ run: runs, response: runResponses })
      .from(runs)
      .leftJoin(runResponses, and(eq(runResponses.organizationId, runs.organizationId), eq(runResponses.runId, runs.id)))
      .where(and(eq(runs.organizationId, organizationId), eq(runs.id, runId))),
  )
  if (!row) return null
  const { run, response } = row
  return {
    status: run.status,
    finished: run.finishedAt !== null,
    output: run.output ?? null,
    error: run.error ? { message: run.error.message, hint: run.error.hint } : null,
    response: response ? { status: response.status, headers: response.headers, body: response.body ?? null } : null,
  }
}
