import { toUuid } from '@/db/ids'
import { clean, storableText, unstorable } from '@/db/storable-text'
import { blobStore, isLarge, previewOf } from '@/server/services/blobs/blob-store'
import type { Json } from '@/workflows/graph/schema'
import type { StepRecord } from '@/workflows/runtime/types'
import { freeBuffers } from './free-buffers'
import { seemsLarge } from './seems-large'
import { whileAway } from './while-away'

/** Below this a whole record is surely small enough to be kept as it is. */
const plainLength = 16_000
/** A step that is done is worth waiting for the database. */
const patienceMs = 20_000

/**
 * Records as the engine's functions take them: the text of a JSON list. Values that are too large go to the blob store first; the record
 * then says so, and `sized` hears how large they are.
 */
export async function stepRows(
  organizationId: string,
  records: readonly StepRecord[],
  firstSeq: number,
  sized?: (hash: string, size: number) => void,
): Promise<string> {
  const texts: string[] = []
  let seq = firstSeq
  for (const record of records) {
    texts.push(plainText(record, seq) ?? JSON.stringify(await carefulRow(organizationId, record, seq, sized)))
    seq += 1
  }
  return `[${texts.join(',')}]`
}

/** Null where it has to be looked at more closely. */
function plainText(record: StepRecord, seq: number): string | null {
  if (seemsLarge(record.output) || seemsLarge(record.input)) return null
  const plain = JSON.stringify(rowOf(record, seq))
  return plain.length <= plainLength && !unstorable.test(plain) ? plain : null
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

async function carefulRow(
  organizationId: string,
  record: StepRecord,
  seq: number,
  sized: (hash: string, size: number) => void = () => {},
): Promise<Record<string, unknown>> {
  let output = record.output === undefined ? undefined : storableText(record.output)
  const input = record.input === undefined ? undefined : storableText(record.input)
  const row = rowOf(record, seq)
  row.error = record.error && clean(record.error as unknown as Json)
  row.logs = record.logs && clean(record.logs)
  row.response = record.response && clean(record.response as unknown as Json)
  if (input !== undefined && isLarge(input)) {
    row.input = previewOf(input)
    record.apart ??= {}
  } else row.input = clean(record.input)
  if (output !== undefined && isLarge(output)) {
    row.output = previewOf(output)
    const size = output.length
    const large = output
    const hash = await whileAway(() => blobStore.put(organizationId, large), patienceMs)
    output = undefined
    freeBuffers(size)
    row.blob_hash = hash
    record.apart = { output: hash }
    sized(hash, size)
  } else row.output = clean(record.output)
  return row
}
