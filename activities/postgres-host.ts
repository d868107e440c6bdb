import { sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { dropWaits, recordSteps } from '@/db/engine'
import { toUuid } from '@/db/ids'
import type { Powers } from '@/server/powers/create-powers'
import { executeStep } from '@/server/powers/execute-step'
import { blobStore, isLarge, previewOf } from '@/server/services/blobs/blob-store'
import { startChild } from '@/server/services/runs/start-child'
import { nudgeRun } from '@/server/temporal/nudge'
import type { Json } from '@/workflows/graph/schema'
import { abandoned } from '@/workflows/runtime/frames'
import { FencedError, type Host, type StepRecord, StoppedError } from '@/workflows/runtime/types'
import type { Hand } from './hands'
import type { Notices } from './notices'
import { whileAway } from './while-away'

/** A step that is done is worth waiting for the database. */
const patienceMs = 20_000

export interface HostOptions {
  organizationId: string
  runId: string
  epoch: number
  lastSeq: number
  powers: Powers
  notices: Notices
  hand: Hand
  /** What cleans up after a cancelled run is not stopped by the cancel. */
  cleaning?: boolean
}

/** The Host of real runs: executors with the project's powers, results in Postgres under the run's fence. */
export function createPostgresHost(options: HostOptions): Host {
  const { organizationId, runId, epoch, powers, notices, hand } = options
  let seq = options.lastSeq

  return {
    now: () => new Date(),
    random: Math.random,
    execute: (call) => executeStep(powers, call),
    estimateMicros: (turn) => powers.models.estimateMicros(turn),
    async record(records) {
      const rows: Record<string, unknown>[] = []
      for (const record of records) rows.push(await rowOf(organizationId, record, ++seq))
      const answer = await whileAway(
        () => recordSteps({ organizationId, runId, epoch }, rows),
        patienceMs,
        () => !hand.abort.signal.aborted,
      )
      if (!answer) throw new FencedError('another worker has this run')
      notices.hint(organizationId, 'step', runId)
      notices.told(organizationId, answer.told)
      const dropped = records.filter((record) => record.error?.code === abandoned.code).map((record) => record.path)
      if (dropped.length > 0) notices.told(organizationId, await dropWaits({ organizationId, runId, epoch }, dropped))
      if (options.cleaning) return
      if (answer.cancel) {
        hand.reason = 'cancelled'
        hand.abort.abort(new Error('cancelled'))
        throw new StoppedError('cancelled')
      }
      if (answer.pause) {
        hand.reason ??= 'paused'
        throw new StoppedError('paused')
      }
    },
    async startChild(call) {
      const started = await whileAway(() => startChild({ organizationId, runId, epoch }, call), patienceMs)
      if (!started) throw new FencedError('another worker has this run')
      // The child is committed; starting it at once is a hint that may fail.
      if (started.ok) void nudgeRun(started.runId)
      return started
    },
    async respond({ status, headers, body }) {
      await inOrganization(organizationId, (tx) =>
        tx.execute(sql`
          insert into run_responses (organization_id, run_id, status, headers, body)
            values (${toUuid(organizationId, 'org')}, ${toUuid(runId, 'run')}, ${status}::integer, ${text(headers)}::text::jsonb, ${text(body)}::text::jsonb)
            on conflict do nothing`),
      )
      notices.told(organizationId, [{ kind: 'response', ids: [runId], seq: 0 }])
    },
  }
}

async function rowOf(organizationId: string, record: StepRecord, seq: number): Promise<Record<string, unknown>> {
  const { usage, wait } = record
  const output = record.output === undefined ? undefined : text(record.output)
  const apart = output !== undefined && isLarge(output)
  const input = record.input === undefined ? undefined : text(record.input)
  return {
    path: record.path,
    attempt: record.attempt,
    status: record.status,
    port: record.port,
    input: input !== undefined && isLarge(input) ? previewOf(input) : clean(record.input),
    output: apart ? previewOf(output) : clean(record.output),
    blob_hash: apart ? await blobStore.put(organizationId, output) : undefined,
    error: record.error && clean(record.error as unknown as Json),
    input_hash: record.inputHash,
    origin_run_id: record.originRunId && toUuid(record.originRunId, 'run'),
    seq,
    started_at: record.startedAt.toISOString(),
    duration_us: record.durationUs,
    retry_at: record.retryAt?.toISOString(),
    model: usage?.model ?? (usage ? 'unknown' : undefined),
    input_tokens: usage?.inputTokens,
    output_tokens: usage?.outputTokens,
    practice: usage ? usage.practice === true : undefined,
    // What cost nothing counts in the run's own currency.
    currency: usage && usage.costMicros > 0 ? usage.currency : undefined,
    cost_micros: usage?.costMicros,
    logs: record.logs,
    wait: wait && { ...wait, dueAt: wait.dueAt?.toISOString() ?? null },
  }
}

/** What Postgres cannot hold in a jsonb: NUL and halves of surrogate pairs, as JSON writes them. */
const unstorable = /\\u0000|\\ud[89a-f]/i

function text(value: unknown): string {
  const plain = JSON.stringify(value ?? null)
  return unstorable.test(plain) ? JSON.stringify(clean(value as Json)) : plain
}

function clean<T extends Json | undefined>(value: T): T {
  if (value === undefined) return value
  const plain = JSON.stringify(value)
  if (!unstorable.test(plain)) return value
  return JSON.parse(plain, (_key, child: unknown) =>
    typeof child === 'string' ? child.toWellFormed().replaceAll('\u0000', '\ufffd') : child,
  ) as T
}
