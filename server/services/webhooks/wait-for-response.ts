import { and, eq } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { newId } from '@/db/ids'
import { runResponses, runs } from '@/db/schema'
import type { RunStatus } from '@/db/schema/runs'
import { type Answer, hub } from '@/server/realtime/hub'
import type { Json } from '@/workflows/graph/schema'

export interface Awaited {
  status: RunStatus
  finished: boolean
  output: Json
  error: { message: string; hint?: string | undefined } | null
  response: { status: number; headers: Record<string, string>; body: Json } | null
}

/** Waits for what a run answers; made before the run is accepted, so that nothing is missed. */
export interface Expected {
  runId: string
  /** Until the run's *respond* step answered, or the run is finished, or the time is over. */
  wait(ms: number, signal: AbortSignal, first: { look: boolean }): Promise<Awaited | null>
  stop(): void
}

/** A notification may be lost. */
const lookEveryMs = 1_000

export function expectResponse(organizationId: string, runId = newId('run')): Expected {
  let told: Answer | undefined
  let wake = () => {}
  const stop = hub().expect(runId, (answer) => {
    told = answer ?? told ?? null
    wake()
  })
  return {
    runId,
    stop,
    async wait(ms, signal, first) {
      const ends = performance.now() + ms
      const abort = () => wake()
      signal.addEventListener('abort', abort)
      try {
        for (let isFirst = true; ; isFirst = false) {
          if (told) return { status: 'running', finished: false, output: null, error: null, response: told }
          const left = ends - performance.now()
          // Nothing can be there yet when the run was accepted in this moment.
          const mayBeThere = !isFirst || first.look || told === null || left <= 0
          told = undefined
          const found = mayBeThere ? await look(organizationId, runId) : undefined
          if (found === null || found?.finished || found?.response) return found
          if (found && (left <= 0 || signal.aborted)) return found
          if (told !== undefined) continue
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, Math.max(0, Math.min(lookEveryMs, left)))
            wake = () => {
              clearTimeout(timer)
              resolve()
            }
          })
        }
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
  }
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
