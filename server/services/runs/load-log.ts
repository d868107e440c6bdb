import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { textsOf } from '@/server/services/blobs/blob-store'
import { numberFrom, rowsOf, timeFrom, timeOrNull } from '@/server/services/rows'
import type { Json } from '@/workflows/graph/schema'
import type { StepError } from '@/workflows/nodes/errors'
import type { StepRecord, StepStatus } from '@/workflows/runtime/types'

/** The newest attempt of each step of a run, with every value, also those kept apart. */
export async function loadWholeLog(tx: Transaction, organizationId: string, runId: string): Promise<Map<string, StepRecord>> {
  const rows = await rowsOf(
    tx,
    sql`select distinct on (s.path) s.* from run_steps s
      where s.organization_id = ${toUuid(organizationId, 'org')} and s.run_id = ${toUuid(runId, 'run')} order by s.path, s.attempt desc`,
  )
  const log = new Map<string, StepRecord>()
  for (const row of rows) {
    const record = recordOf(row)
    log.set(record.path, record)
    if (!row.blob_hash) continue
    const [text] = (await textsOf(tx, organizationId, [Buffer.from(row.blob_hash as Uint8Array).toString('hex')])).values()
    if (text !== undefined) record.output = JSON.parse(text) as Json
  }
  return log
}

/** A row of run_steps as the interpreter knows it. */
export function recordOf(row: Record<string, unknown>): StepRecord {
  const retryAt = timeOrNull(row.retry_at)
  return {
    path: String(row.path),
    attempt: numberFrom(row.attempt),
    status: row.status as StepStatus,
    ...(row.port === null || row.port === undefined ? {} : { port: String(row.port) }),
    ...(row.input === null || row.input === undefined ? {} : { input: row.input as Json }),
    output: (row.output ?? null) as Json,
    ...(row.error ? { error: row.error as StepError } : {}),
    ...(row.input_hash ? { inputHash: String(row.input_hash) } : {}),
    ...(row.model === null && row.input_tokens === null
      ? {}
      : {
          usage: {
            ...(row.model ? { model: String(row.model) } : {}),
            inputTokens: numberFrom(row.input_tokens),
            outputTokens: numberFrom(row.output_tokens),
            costMicros: numberFrom(row.cost_micros),
            currency: String(row.currency ?? 'USD'),
            ...(row.practice ? { practice: true } : {}),
          },
        }),
    startedAt: timeFrom(row.started_at),
    durationUs: numberFrom(row.duration_us),
    ...(row.origin_run_id ? { originRunId: fromUuid('run', String(row.origin_run_id)) } : {}),
    ...(retryAt ? { retryAt } : {}),
  }
}
