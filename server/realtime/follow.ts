import { and, desc, eq, gt, or, sql } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { outbox } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import type { DraftOperation } from '@/server/services/drafts/change-draft'
import { getDraftSince } from '@/server/services/drafts/get-draft-since'
import { requireRun } from '@/server/services/runs/require-run'
import { requireWorkflow } from '@/server/services/workflows/require-workflow'
import { hub, shownId } from './hub'
import type { LiveEvent, TrackedEvent } from './live-event'

interface Follow {
  lastEventId: string | null
  signal?: AbortSignal | undefined
}

const mostMissed = 1000

/** Everything that changes in the organization, from the last event the client saw on. */
export async function* followOrganization(caller: Caller, follow: Follow): AsyncGenerator<TrackedEvent> {
  yield* followEvents(caller, follow, () => true)
}

/** Changes of one run, of a workflow's runs, or of all runs. */
export async function* followRuns(
  caller: Caller,
  follow: Follow & { runId?: string | undefined; workflowId?: string | undefined },
): AsyncGenerator<TrackedEvent> {
  const { runId, workflowId } = follow
  await inOrganization(caller.organizationId, async (tx) => {
    if (runId) await requireRun(tx, caller, runId, 'run.read')
    if (workflowId) await requireWorkflow(tx, caller, workflowId, 'workflow.read')
  })
  const kinds = new Set(['run', 'step', 'response', 'dead_letter', 'task'])
  // A notification names runs, not their workflow: a workflow's page is told of all runs and asks for its own.
  yield* followEvents(caller, follow, (event) => kinds.has(event.kind) && (!runId || event.ids.includes(runId)))
}

/** A draft's operations, one batch after the other, beginning behind the revision that the client has. */
export async function* followDraft(
  caller: Caller,
  follow: Follow & { workflowId: string; revision?: number | undefined },
): AsyncGenerator<{ revision: number; operations: DraftOperation[]; reload: boolean }> {
  const { workflowId } = follow
  let seen = Number(follow.lastEventId ?? follow.revision ?? Number.NaN)
  const events = queueOf(caller, follow.signal, (event) => event.kind === 'draft' && event.ids.includes(workflowId))
  try {
    if (Number.isNaN(seen)) seen = (await getDraftSince(caller, { workflowId, revision: 2_147_483_647 })).revision
    for (;;) {
      const change = await getDraftSince(caller, { workflowId, revision: seen })
      if (change.revision !== seen || change.reload) {
        seen = change.revision
        yield change
      }
      if (!(await events.next())) return
      events.clear()
    }
  } finally {
    events.close()
  }
}

async function* followEvents(caller: Caller, follow: Follow, wanted: (event: LiveEvent) => boolean): AsyncGenerator<TrackedEvent> {
  const events = queueOf(caller, follow.signal, wanted)
  try {
    let seq = await newestSeq(caller.organizationId)
    if (follow.lastEventId !== null) {
      for (const event of await missedSince(caller.organizationId, Number(follow.lastEventId) || 0)) {
        seq = Math.max(seq, event.seq)
        if (wanted(event)) yield { ...event, id: String(event.seq) }
      }
    }
    for (;;) {
      const event = events.shift()
      if (event === undefined) {
        if (!(await events.next())) return
        continue
      }
      if (event === 'reconnected') {
        for (const missed of await missedSince(caller.organizationId, seq)) {
          seq = Math.max(seq, missed.seq)
          if (wanted(missed)) yield { ...missed, id: String(missed.seq) }
        }
        continue
      }
      seq = Math.max(seq, event.seq)
      yield { ...event, seq, id: String(seq) }
    }
  } finally {
    events.close()
  }
}

/** What was told after a number, with the five seconds before it: numbers are given before commits, so an older one may come later. */
async function missedSince(organizationId: string, seq: number): Promise<LiveEvent[]> {
  const rows = await inOrganization(organizationId, (tx) =>
    tx
      .select({ seq: outbox.seq, kind: outbox.kind, ids: outbox.ids })
      .from(outbox)
      .where(
        and(
          eq(outbox.organizationId, organizationId),
          or(
            gt(outbox.seq, seq),
            and(
              gt(outbox.seq, seq - mostMissed),
              sql`${outbox.at} > coalesce((select o.at from outbox o where o.seq = ${seq}), now()) - interval '5 seconds'`,
            ),
          ),
        ),
      )
      .orderBy(desc(outbox.seq))
      .limit(mostMissed),
  )
  return rows.reverse().map((row) => ({ seq: row.seq, kind: row.kind, ids: row.ids.map((id) => shownId(row.kind, id)) }))
}

async function newestSeq(organizationId: string): Promise<number> {
  const [row] = await inOrganization(organizationId, (tx) =>
    tx.select({ seq: outbox.seq }).from(outbox).where(eq(outbox.organizationId, organizationId)).orderBy(desc(outbox.seq)).limit(1),
  )
  return row?.seq ?? 0
}

const mostQueued = 2000

/** Notifications in order, held until somebody takes them; a client that is too slow gets the newest. */
function queueOf(caller: Caller, signal: AbortSignal | undefined, wanted: (event: LiveEvent) => boolean) {
  const queue: (LiveEvent | 'reconnected')[] = []
  let wake: (() => void) | null = null
  const push = (event: LiveEvent | 'reconnected') => {
    queue.push(event)
    if (queue.length > mostQueued) queue.shift()
    wake?.()
  }
  const stop = hub().subscribe(caller.organizationId, (event) => {
    if (wanted(event)) push({ kind: event.kind, ids: event.ids, seq: event.seq })
  })
  const stopReconnect = hub().onReconnect(() => push('reconnected'))
  const abort = () => wake?.()
  signal?.addEventListener('abort', abort)
  return {
    shift: () => queue.shift(),
    clear: () => void queue.splice(0),
    /** False when the client is gone. */
    async next(): Promise<boolean> {
      if (signal?.aborted) return false
      if (queue.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = null
      }
      return !signal?.aborted
    },
    close() {
      stop()
      stopReconnect()
      signal?.removeEventListener('abort', abort)
    },
  }
}
