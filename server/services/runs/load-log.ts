import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { numberFrom, rowsOf, timeFrom, timeOrNull } from '@/server/services/rows'
import type { Json } from '@/workflows/graph/schema'
import type { StepError } from '@/workflows/nodes/errors'
import type { StepRecord, StepStatus } from '@/workflows/runtime/types'

/** The newest attempt of each step of a run, with every value, also those kept apart. */
export async function loadWholeLog(tx: Transaction, organizationId: string, runId: string): Promise<Map<string, StepRecord>> {
  const organization = toUuid(organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`select distinct on (s.path) s.*, b.body as blob
      from run_steps s left join blobs b on b.organization_id = s.organization_id and b.hash = s.blob_hash
      where s.organization_id = ${organization} and s.run_id = ${toUuid(runId, 'run')} order by s.path, s.attempt desc`,
  )
  return new Map(
    rows.map((row) => {
      const record = recordOf(row)
      return [
        record.path,
        row.blob ? { ...record, output: JSON.parse(Buffer.from(row.blob as Uint8Array).toString('utf8')) as Json } : record,
      ]
    }),
  )
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
