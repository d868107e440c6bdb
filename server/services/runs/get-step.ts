import { and, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { derivedId } from '@/db/derived-id'
import { toUuid } from '@/db/ids'
import { runEvents, runs, users } from '@/db/schema'
import { type Caller, can } from '@/server/auth/caller'
import { idOrNull, numberFrom, numberOrNull, type Row, rowsOf, textOrNull, timeFrom, timeOrNull } from '@/server/services/rows'
import { notFound } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'
import type { getStepInput } from './contract'
import { stepColumns, stepErrorFrom, stepItemFrom, titlesOf, waitOfStep } from './list-steps'
import { logsFrom } from './logs-from'
import { relativesOf } from './relatives-of'
import { requireRun } from './require-run'

/** One attempt of a step, the newest where none is named, with what went in and came out. */
export function getStep(caller: Caller, input: z.infer<typeof getStepInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.read')
    const rows = await rowsOf(
      tx,
      sql`select ${stepColumns}, s.input, s.output, s.logs, b.bytes from run_steps s ${waitOfStep}
        left join blobs b on b.organization_id = s.organization_id and b.hash = s.blob_hash
        where s.organization_id = ${toUuid(caller.organizationId, 'org')} and s.run_id = ${toUuid(input.runId, 'run')} and s.path = ${input.path}
        order by s.attempt desc`,
    )
    const row = input.attempt ? rows.find((one) => numberFrom(one.attempt) === input.attempt) : rows[0]
    if (!row) throw notFound('step')
    const [given] = await tx
      .select({ at: runEvents.at, actorId: runEvents.actorId, name: users.name, detail: runEvents.detail })
      .from(runEvents)
      .leftJoin(users, sql`'usr_' || replace(${users.id}::text, '-', '') = ${runEvents.actorId}`)
      .where(
        and(
          eq(runEvents.organizationId, caller.organizationId),
          eq(runEvents.runId, input.runId),
          eq(runEvents.kind, 'given'),
          sql`${runEvents.detail} ->> 'path' = ${input.path}`,
        ),
      )
    const seePayloads = can(caller, 'run.payload', run.projectId)
    return {
      ...stepItemFrom(row, await titlesOf(tx, caller.organizationId, run.versionId), seePayloads),
      input: seePayloads ? ((row.input ?? null) as Json) : null,
      output: seePayloads ? ((row.output ?? null) as Json) : null,
      payloadsHidden: !seePayloads,
      outputBytes: numberOrNull(row.bytes),
      logs: seePayloads ? logsFrom(row.logs) : [],
      given: given
        ? {
            by: given.actorId && given.name ? { id: given.actorId, name: given.name } : null,
            at: given.at,
            reason: textOrNull((given.detail as { reason?: unknown } | null)?.reason),
          }
        : null,
      children: await relativesOf(tx, caller, inArray(runs.id, startedBy(input, rows))),
      attempts: rows
        .map((one) => ({
          attempt: numberFrom(one.attempt),
          status: String(one.status),
          startedAt: timeFrom(one.started_at),
          durationUs: numberFrom(one.duration_us),
          error: stepErrorFrom(one.error, seePayloads),
          retryAt: timeOrNull(one.retry_at),
        }))
        .reverse(),
    }
  })
}

/** A run started by a step has an id that follows from the step's run, path and attempt: it is found by its key among any number. */
function startedBy({ runId, path }: { runId: string; path: string }, attempts: readonly Row[]): string[] {
  return attempts.map((row) => derivedId('run', idOrNull('run', row.origin_run_id) ?? runId, path, numberFrom(row.attempt)))
}
