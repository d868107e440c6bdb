import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { fromUuid, newId, newUuid, toUuid } from '@/db/ids'
import { notFound, ServiceError } from '@/server/services/service-error'
import type { Json } from '@/workflows/graph/schema'
import { requireInput, rulesOf, settingsFor } from './run-settings'
import { cancelOlder, slotStates, takeSlot, waitingForSlot } from './take-slot'
import { takeStart, waitingForStart } from './take-start'

export interface AcceptRun {
  organizationId: string
  workflowId: string
  /** A published version, or the frozen content of a draft. */
  versionId: string
  /** manual, schedule, webhook, api, replay, example, test, workflow, error */
  trigger: string
  triggerNodeId: string | null
  /** The schedule, endpoint or API key that started it. */
  triggerRef?: string | null
  startedBy?: string | null
  input: Json
  /** The same source and key start one run within 30 days. */
  dedupe?: { source: string; key: string }
  replay?: { rootId: string; replayOfId: string; fromPath: string | null; generation: number }
  /** The run whose step starts this one; with a path, it waits there for the end. */
  parent?: { runId: string; path: string | null; depth: number; rootId: string; generation: number }
  /** False where the input was taken before, as in a replay. */
  checksInput?: boolean
  /** Chosen by the caller when it must be known before. */
  runId?: string
}

export interface AcceptedRun {
  runId: string
  duplicate: boolean
  /** The workflow's settings let it not run: it is there as cancelled. */
  skipped: boolean
}

const dedupeDays = 30

/**
 * The only door to a run: everything that starts one calls it in its own transaction. When that commits, the workers hear of it and
 * one of them takes the run. A second call with the same dedupe key answers the first run and changes nothing. Throws UNPROCESSABLE for
 * an input that the workflow does not take, and TOO_MANY_REQUESTS where its settings refuse one more run.
 */
export async function acceptRun(tx: Transaction, run: AcceptRun): Promise<AcceptedRun> {
  const settings = await settingsFor(tx, run)
  if (settings && run.checksInput !== false) requireInput(settings, run.trigger, run.input)
  const runId = run.runId ?? newId('run')
  const id = toUuid(runId, 'run')
  const organization = toUuid(run.organizationId, 'org')
  if (run.dedupe) {
    const hash = createHash('sha256').update(run.dedupe.key).digest()
    const [first] = await tx.execute<{ run_id: string }>(sql`
      insert into run_dedupe as d (organization_id, source, key_hash, run_id, expires_at)
        values (${organization}, ${run.dedupe.source}, ${hash}, ${id}, now() + make_interval(days => ${dedupeDays}))
        on conflict (organization_id, source, key_hash) do update
          set run_id = case when d.expires_at < now() then excluded.run_id else d.run_id end,
            expires_at = case when d.expires_at < now() then excluded.expires_at else d.expires_at end
        returning run_id`)
    if (first && first.run_id !== id) return { runId: fromUuid('run', first.run_id), duplicate: true, skipped: false }
  }
  const slot = await takeSlot(tx, run, settings)
  const start = slot.outcome === 'skipped' ? slot : await takeStart(tx, { ...run, runId }, settings)
  const outcome = start.outcome === 'skipped' ? 'skipped' : start.outcome === 'later' ? 'queued' : slot.outcome
  // Whoever runs something again waits for that run: a repair that never starts would never end.
  if (outcome === 'skipped' && run.replay && !run.parent) {
    throw new ServiceError('TOO_MANY_REQUESTS', 'The workflow runs as often as its settings allow.', { hint: 'Start it again later.' })
  }
  const notBefore = start.outcome === 'later' ? start.at : null
  const supersedes = slot.supersedes && slot.outcome === 'queued' && outcome === 'queued'
  // Not before it is known that this one starts: a rate may let it fall.
  if (supersedes && slot.key) await cancelOlder(tx, run.organizationId, slot.key)
  const { status, state } = slotStates[outcome]
  const ids = JSON.stringify([runId])
  const { parent } = run
  const parentId = parent ? toUuid(parent.runId, 'run') : null
  const rootId = run.replay?.rootId ?? parent?.rootId
  const told = await tx.execute(sql`
    with accepted as (
      insert into runs (organization_id, id, workflow_id, version_id, version_number, project_id, environment_id, trigger, trigger_node_id,
          trigger_ref, started_by, root_id, replay_of_id, replay_from_path, generation, parent_run_id, parent_path, status,
          waiting_for, finished_at, rules, input, currency)
        select v.organization_id, ${id}::uuid, v.workflow_id, v.id, case when v.number > 0 then v.number end, w.project_id,
          (select e.id from environments e where e.organization_id = v.organization_id order by e.id limit 1), ${run.trigger}::text,
          ${run.triggerNodeId}::text, ${run.triggerRef ?? null}::text, ${run.startedBy ? toUuid(run.startedBy, 'usr') : null}::uuid,
          ${rootId ? toUuid(rootId, 'run') : id}::uuid, ${run.replay ? toUuid(run.replay.replayOfId, 'run') : null}::uuid,
          ${run.replay?.fromPath ?? null}::text, ${run.replay?.generation ?? parent?.generation ?? 0}::integer,
          ${parentId}::uuid, ${parent?.path ?? null}::text, ${status}::text,
          ${outcome === 'queued' ? (notBefore ? waitingForStart(notBefore) : waitingForSlot) : null}::text::jsonb, case when ${status}::text = 'cancelled' then now() end,
          ${rulesOf(settings)}::text::jsonb, ${JSON.stringify(run.input ?? null)}::text::jsonb,
          (select o.currency from organizations o where o.id = v.organization_id)
        from workflow_versions v join workflows w on w.organization_id = v.organization_id and w.id = v.workflow_id
        where v.organization_id = ${organization}::uuid and v.workflow_id = ${toUuid(run.workflowId, 'wf')}::uuid
          and v.id = ${toUuid(run.versionId, 'ver')}::uuid and w.deleted_at is null
        returning organization_id, id, workflow_id
    ), live as (
      insert into live_runs (run_id, organization_id, workflow_id, state, driver, priority, parent_run_id, depth, limit_key, slot_limit, has_slot,
          supersedes, not_before)
        select id, organization_id, workflow_id, ${state}::text, case when ${state}::text = 'waiting' then 'temporal' else 'none' end,
          ${settings?.priority ?? 5}::smallint, ${parent?.path ? parentId : null}::uuid, ${parent?.depth ?? 0}::smallint, ${slot.key}::text,
          ${slot.limit}::integer, ${outcome !== 'queued'}::boolean, ${supersedes}::boolean,
          ${notBefore?.toISOString() ?? null}::timestamptz
        from accepted where ${outcome !== 'skipped'}::boolean
    ), event as (
      insert into run_events (organization_id, run_id, id, kind, actor_id) select organization_id, id, ${newUuid()}::uuid, ${outcome === 'free' ? 'accepted' : outcome}::text,
        ${run.startedBy ?? null}::text from accepted
    ), told as (
      insert into outbox (organization_id, kind, ids) select organization_id, 'run', array[${runId}::text] from accepted returning seq
    )
    select pg_notify('millrace', json_build_object('o', ${organization}::text, 'k', 'run', 'i', ${ids}::json, 's', seq)::text),
      pg_notify('millrace_lane', '') from told`)
  if (told.length === 0) throw notFound('workflow')
  return { runId, duplicate: false, skipped: outcome === 'skipped' }
}
