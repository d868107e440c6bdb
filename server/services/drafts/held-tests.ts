import { and, eq, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { runWaits } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { waitForChange } from '@/server/realtime/wait-for-change'
import { previewOf } from '@/server/services/blobs/blob-store'
import { numberFrom, numberOrNull, rowsOf, textOrNull, timeFrom } from '@/server/services/rows'
import { requestCancel } from '@/server/services/runs/request-cancel'
import { findRun } from '@/server/services/runs/wait-for-run'
import type { Graph, Json } from '@/workflows/graph/schema'
import type { BreakDetail, BreakRelease } from '@/workflows/runtime/break-detail'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import type { HeldTest } from './contract'
import { progressOf, waitsForLong } from './waiting-steps'

/** A test under way: the draft that it began with, what its results stand on, and which steps it really runs. */
export interface StartedTest {
  runId: string
  graph: Graph
  bases: ReadonlyMap<string, string>
  ran: ReadonlySet<string>
}

interface KeptStart {
  bases: [string, string][]
  ran: string[]
}

/** The run's own row among its waits, settled from the start: what holds it, and what is needed to keep its results later. */
const startPath = ''

export async function beginHolding(tx: Transaction, organizationId: string, started: StartedTest, nodes: string[]): Promise<void> {
  const { runId, bases, ran } = started
  const release: BreakRelease = { number: 0, nodes, step: false }
  const detail: KeptStart = { bases: [...bases], ran: [...ran] }
  const now = new Date()
  await tx.insert(runWaits).values({
    organizationId,
    runId,
    path: startPath,
    attempt: 0,
    kind: 'break',
    detail,
    settledAt: now,
    settledBy: 'person',
    result: release,
  })
  // A run that was never taken has no log to load, and nothing that was settled; this one has.
  await tx.execute(
    sql`update live_runs set epoch = 1 where run_id = ${toUuid(runId, 'run')} and organization_id = ${toUuid(organizationId, 'org')}`,
  )
}

/** Null where the run was never to be held. */
export async function startOfHeld(
  tx: Transaction,
  organizationId: string,
  runId: string,
): Promise<Pick<StartedTest, 'bases' | 'ran'> | null> {
  const [row] = await tx
    .select({ detail: runWaits.detail })
    .from(runWaits)
    .where(
      and(eq(runWaits.organizationId, organizationId), eq(runWaits.runId, runId), eq(runWaits.path, startPath), eq(runWaits.kind, 'break')),
    )
  if (!row) return null
  const { bases, ran } = row.detail as KeptStart
  return { bases: new Map(bases), ran: new Set(ran) }
}

/** How often the test was let go on, its start included: numbers of releases rise. */
export async function countReleases(tx: Transaction, organizationId: string, runId: string): Promise<number> {
  return tx.$count(
    runWaits,
    and(
      eq(runWaits.organizationId, organizationId),
      eq(runWaits.runId, runId),
      eq(runWaits.kind, 'break'),
      sql`${runWaits.settledAt} is not null`,
    ),
  )
}

/** A test that is over sooner shows what it gave at its end alone. */
const progressAfterMs = 700

/** Until it has ended, stands still before a step, or waits for an answer or for long; `onProgress` hears of what it gave meanwhile. */
export function waitForTest(organizationId: string, { runId }: StartedTest, ms: number, onProgress: () => Promise<unknown>) {
  const begun = Date.now()
  let seen = ''
  return waitForChange({
    organizationId,
    ids: [runId],
    ms,
    look: async () => {
      const run = await findRun(organizationId, runId)
      const held = await findHeld(organizationId, runId)
      const waits = run?.status === 'waiting' && (await inOrganization(organizationId, (tx) => waitsForLong(tx, organizationId, runId)))
      if (run && run.finishedAt === null && !held && !waits && Date.now() - begun > progressAfterMs) {
        const progress = await inOrganization(organizationId, (tx) => progressOf(tx, organizationId, runId))
        if (progress !== seen) await onProgress()
        seen = progress
      }
      return { run, held, waits }
    },
    isDone: ({ run, held, waits }) => run === null || run.finishedAt !== null || held !== null || waits,
  })
}

function findHeld(organizationId: string, runId: string): Promise<HeldTest | null> {
  return inOrganization(organizationId, async (tx) => {
    const org = toUuid(organizationId, 'org')
    const run = toUuid(runId, 'run')
    const [wait] = await rowsOf(
      tx,
      sql`select w.path, w.detail, w.due_at from run_waits w
        join live_runs l on l.organization_id = w.organization_id and l.run_id = w.run_id and l.state = 'waiting' and l.cancel_at is null
        where w.organization_id = ${org} and w.run_id = ${run} and w.kind = 'break' and w.settled_at is null limit 1`,
    )
    if (!wait) return null
    const path = String(wait.path)
    const { input, around } = wait.detail as BreakDetail
    const prefixes = around.map(
      (_, depth) =>
        `${path
          .split('/')
          .slice(0, 2 * depth + 2)
          .join('/')}/`,
    )
    const values: HeldTest['values'] = []
    for (const prefix of prefixes) values.push(...(await valuesIn(tx, org, run, prefix)))
    return {
      path,
      nodeId: nodeIdOf(path),
      ...(input === undefined ? {} : { input }),
      around: around.map(({ id, ...one }) => ({ nodeId: id, ...one })),
      values,
      until: timeFrom(wait.due_at),
    }
  })
}

/** Characters of one value that are sent; of a larger one its beginning. */
const mostLength = 128_000

async function valuesIn(tx: Transaction, org: string, run: string, prefix: string): Promise<HeldTest['values']> {
  const rows = await rowsOf(
    tx,
    sql`select distinct on (s.path) s.path, s.status, s.port, s.input, s.output, s.error, s.duration_us, s.started_at, b.bytes
      from run_steps s left join blobs b on b.organization_id = s.organization_id and b.hash = s.blob_hash
      where s.organization_id = ${org} and s.run_id = ${run} and starts_with(s.path, ${prefix})
        and position('/' in substr(s.path, ${prefix.length + 1}::integer)) = 0 and s.attempt > 0 and s.status in ('succeeded', 'failed')
      order by s.path, s.attempt desc limit 500`,
  )
  return rows.map((row) => {
    const text = JSON.stringify(row.output ?? null)
    const bytes = numberOrNull(row.bytes) ?? (text.length > mostLength ? text.length : null)
    return {
      path: String(row.path),
      nodeId: nodeIdOf(String(row.path)),
      status: String(row.status),
      port: textOrNull(row.port),
      input: (row.input ?? null) as Json,
      output: bytes === null ? ((row.output ?? null) as Json) : previewOf(text),
      error: (row.error ?? null) as HeldTest['values'][number]['error'],
      durationMs: numberFrom(row.duration_us) / 1000,
      stale: false,
      basis: null,
      outputBytes: bytes,
      pinned: false,
      source: 'test' as const,
      at: timeFrom(row.started_at),
    }
  })
}

/** Tests of this person that are held in a draft are over when another begins. */
export async function leaveHeldTests(caller: Caller, workflowId: string): Promise<void> {
  const { organizationId, userId } = caller
  const rows = await inOrganization(organizationId, (tx) =>
    rowsOf(
      tx,
      sql`select l.run_id from live_runs l join runs r on r.organization_id = l.organization_id and r.id = l.run_id
        where l.organization_id = ${toUuid(organizationId, 'org')} and l.workflow_id = ${toUuid(workflowId, 'wf')} and l.cancel_at is null
          and r.trigger = 'test' and r.started_by = ${toUuid(userId, 'usr')} and exists (select from run_waits w
            where w.organization_id = l.organization_id and w.run_id = l.run_id and w.kind = 'break' and w.settled_at is null)`,
    ),
  )
  for (const row of rows) await requestCancel(caller, { runId: fromUuid('run', String(row.run_id)) })
}
