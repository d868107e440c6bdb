import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, can } from '@/server/auth/caller'
import { idOrNull, numberFrom, numberOrNull, type Row, rowsOf, textOrNull, timeFrom, timeOrNull } from '@/server/services/rows'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import type { listStepsInput, StepItem, stepList } from './contract'
import { requireRun } from './require-run'

/** Steps recorded after `after`, every attempt one row, in the order of recording. */
export function listSteps(caller: Caller, input: z.infer<typeof listStepsInput>): Promise<z.infer<typeof stepList>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.read')
    const titles = await titlesOf(tx, caller.organizationId, run.versionId)
    const of = sql`s.organization_id = ${toUuid(caller.organizationId, 'org')} and s.run_id = ${toUuid(input.runId, 'run')}`
    const part = input.within === undefined || titles.size === 0 ? null : pathsIn(input.within, titles)
    const rows = await rowsOf(
      tx,
      sql`select ${stepColumns} from ${part ? stepsAt(of, part) : sql`run_steps s`} ${waitOfStep}
        where ${of} and s.seq > ${input.after ?? -2_147_483_648} order by s.seq, s.path limit ${pageOfSteps}`,
    )
    const showDetails = can(caller, 'run.payload', run.projectId)
    const items = rows.map((row) => stepItemFrom(row, titles, showDetails))
    const lastSeq = items.reduce((most, item) => Math.max(most, item.seq), input.after ?? 0)
    return { items, lastSeq, more: items.length === pageOfSteps }
  })
}

const pageOfSteps = 5_000

/** A try that failed and waits for the next is no waiting step: that stands in its own row. */
export const waitOfStep: SQL = sql`left join run_waits w on w.organization_id = s.organization_id and w.run_id = s.run_id
  and w.path = s.path and w.attempt = s.attempt and w.kind <> 'retry'`

/** Where the steps of one part of a run stand. */
function pathsIn(within: string, titles: Titles): string[] {
  const container = within === '' ? null : (within.split('/').at(-3) ?? null)
  return [...titles].flatMap(([id, node]) => (node.parent === container || (node.each && id === container) ? [within + id] : []))
}

/** Found by their keys, so that a run with a hundred thousand iterations is not read to show one of them. */
function stepsAt(of: SQL, paths: readonly string[]): SQL {
  const list = sql`array(select jsonb_array_elements_text(${JSON.stringify(paths)}::text::jsonb))`
  return sql`(select s.* from run_steps s where ${of} and s.path = any(${list})
    union all select s.* from unnest(${list}) p (path) join run_steps s on ${of} and s.path >= p.path || '/turn.' and s.path < p.path || '/turn/'
      and starts_with(s.path, p.path || '/turn.')) s`
}

export const stepColumns: SQL = sql`s.path, s.attempt, s.status, s.port, s.error, s.origin_run_id, s.seq, s.started_at, s.duration_us, s.retry_at, s.model,
  s.input_tokens, s.output_tokens, s.practice, s.cost_micros, s.currency, (s.output is not null or s.blob_hash is not null) as has_output,
  case when s.status <> 'succeeded' or s.blob_hash is not null or pg_column_size(s.output) > 16384 then null
    when jsonb_typeof(s.output) = 'array' then jsonb_array_length(s.output) when s.output is not null then 1 end as items,
  w.kind as wait_kind, w.created_at as wait_since, w.settled_at as wait_until, w.due_at as wait_due`

export type Titles = ReadonlyMap<string, { title: string; type: string; parent: string | null; each: boolean }>

/** What the nodes of a version are called. */
export async function titlesOf(tx: Transaction, organizationId: string, versionId: string | null): Promise<Titles> {
  if (!versionId) return new Map()
  const rows = await rowsOf(
    tx,
    sql`select n ->> 'id' as id, n ->> 'title' as title, n ->> 'type' as type, n ->> 'parent' as parent,
        n -> 'settings' -> 'each' is not null as each from workflow_versions v, jsonb_array_elements(v.graph -> 'nodes') n
      where v.organization_id = ${toUuid(organizationId, 'org')} and v.id = ${toUuid(versionId, 'ver')}`,
  )
  return new Map(
    rows.map((row) => [
      String(row.id),
      { title: String(row.title), type: String(row.type), parent: textOrNull(row.parent), each: row.each === true },
    ]),
  )
}

export function stepItemFrom(row: Row, titles: Titles, showDetails: boolean): StepItem {
  const path = String(row.path)
  // `<agent>/turn.1/call.0.<tool>` is shown as the tool's, `<loop>/3/<step>` as the step's.
  const nodeId = nodeIdOf(path)
  const node = titles.get(nodeId)
  return {
    path,
    nodeId,
    nodeTitle: node?.title ?? nodeId,
    nodeType: node?.type ?? '',
    attempt: numberFrom(row.attempt),
    status: row.status as StepItem['status'],
    port: textOrNull(row.port),
    startedAt: timeFrom(row.started_at),
    durationUs: numberFrom(row.duration_us),
    retryAt: timeOrNull(row.retry_at),
    model: textOrNull(row.model),
    inputTokens: numberOrNull(row.input_tokens),
    outputTokens: numberOrNull(row.output_tokens),
    practice: row.practice === true,
    costMicros: numberFrom(row.cost_micros),
    currency: textOrNull(row.currency),
    reused: row.origin_run_id !== null,
    originRunId: idOrNull('run', row.origin_run_id),
    error: stepErrorFrom(row.error, showDetails),
    seq: numberFrom(row.seq),
    hasOutput: row.has_output === true,
    items: numberOrNull(row.items),
    waited: row.wait_kind
      ? {
          kind: row.wait_kind as NonNullable<StepItem['waited']>['kind'],
          since: timeFrom(row.wait_since),
          until: timeOrNull(row.wait_until),
          dueAt: timeOrNull(row.wait_due),
        }
      : null,
  }
}

export function stepErrorFrom(value: unknown, showDetails: boolean): StepItem['error'] {
  if (typeof value !== 'object' || value === null) return null
  const error = value as NonNullable<StepItem['error']>
  return {
    class: String(error.class),
    code: String(error.code),
    message: String(error.message),
    ...(error.hint ? { hint: error.hint } : {}),
    ...(error.pointer ? { pointer: error.pointer } : {}),
    ...(showDetails && error.details !== undefined ? { details: error.details } : {}),
    ...(typeof error.retryAfterMs === 'number' ? { retryAfterMs: error.retryAfterMs } : {}),
  }
}
