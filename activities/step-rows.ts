import { toUuid } from '@/db/ids'
import { clean, storableText, unstorable } from '@/db/storable-text'
import { blobStore, isLarge, previewOf } from '@/server/services/blobs/blob-store'
import type { Json } from '@/workflows/graph/schema'
import type { StepRecord } from '@/workflows/runtime/types'

/** Below this a whole record is surely small enough to be kept as it is. */
const plainLength = 16_000

/** Records as the engine's functions take them: the text of a JSON list. Values that are too large go to the blob store first. */
export async function stepRows(organizationId: string, records: readonly StepRecord[], firstSeq: number): Promise<string> {
  const texts: string[] = []
  let seq = firstSeq
  for (const record of records) {
    const plain = JSON.stringify(rowOf(record, seq))
    const isPlain = plain.length <= plainLength && !unstorable.test(plain)
    texts.push(isPlain ? plain : JSON.stringify(await carefulRow(organizationId, record, seq)))
    seq += 1
  }
  return `[${texts.join(',')}]`
}

function rowOf(record: StepRecord, seq: number): Record<string, unknown> {
  const { usage, wait } = record
  return {
    path: record.path,
    attempt: record.attempt,
    status: record.status,
    port: record.port,
    input: record.input,
    output: record.output,
    error: record.error,
    input_hash: record.inputHash,
    origin_run_id: record.originRunId && toUuid(record.originRunId, 'run'),
    seq,
    started_at: record.startedAt,
    duration_us: record.durationUs,
    retry_at: record.retryAt,
    model: usage?.model ?? (usage ? 'unknown' : undefined),
    input_tokens: usage?.inputTokens,
    output_tokens: usage?.outputTokens,
    practice: usage ? usage.practice === true : undefined,
    // What cost nothing counts in the run's own currency.
    currency: usage && usage.costMicros > 0 ? usage.currency : undefined,
    cost_micros: usage?.costMicros,
    logs: record.logs,
    wait: wait && clean({ ...wait, dueAt: wait.dueAt?.toISOString() ?? null }),
    response: record.response,
  }
}

async function carefulRow(organizationId: string, record: StepRecord, seq: number): Promise<Record<string, unknown>> {
  const output = record.output === undefined ? undefined : storableText(record.output)
  const apart = output !== undefined && isLarge(output)
  const input = record.input === undefined ? undefined : storableText(record.input)
  return {
    ...rowOf(record, seq),
    input: input !== undefined && isLarge(input) ? previewOf(input) : clean(record.input),
    output: apart ? previewOf(output) : clean(record.output),
    blob_hash: apart ? await blobStore.put(organizationId, output) : undefined,
    error: record.error && clean(record.error as unknown as Json),
    logs: record.logs && clean(record.logs),
    response: record.response && clean(record.response as unknown as Json),
  }
}
