import { type SQL, sql } from 'drizzle-orm'
import { toUuid } from '@/db/ids'
import { idFrom, idOrNull, numberFrom, numberOrNull, type Row, textOrNull, timeFrom, timeOrNull } from '@/server/services/rows'
import type { RunItem } from './contract'
import { holderFrom, waitingColumns, waitingFrom } from './waiting-of'

/** Runs as lists show them. `page` names the ids that are wanted; everything else is looked up by key, a run at a time. */
export function runQuery(organizationId: string, page: SQL): SQL {
  const org = toUuid(organizationId, 'org')
  return sql`
    with page as (${page})
    select r.id, r.status, r.workflow_id, r.project_id, r.version_id, r.version_number, r.trigger, r.started_by, r.created_at, r.started_at, r.finished_at,
      r.steps_done, r.cost_micros, r.currency, r.error, r.replay_of_id, ${waitingColumns(org)}, w.name as workflow_name, u.name as starter,
      d.id as dead_letter_id, marks.letters, marks.current_path,
      (select n ->> 'title' from workflow_versions v, jsonb_array_elements(v.graph -> 'nodes') n
        where r.finished_at is null and v.organization_id = ${org} and v.id = r.version_id
          and n ->> 'id' = split_part(coalesce(marks.current_path, r.waiting_for ->> 'path'), '/', 1) limit 1) as current_title
    from page p
      join runs r on r.organization_id = ${org} and r.id = p.id
      join workflows w on w.organization_id = ${org} and w.id = r.workflow_id
      left join users u on u.id = r.started_by
      left join live_runs l on l.run_id = r.id
      left join holders h on h.id = l.holder_id
      left join circuits k on r.waiting_for ->> 'kind' = 'circuit' and k.organization_id = ${org} and k.id = substr(r.waiting_for #>> '{circuit,circuitId}', 6)::uuid
      left join dead_letters d on d.organization_id = ${org} and d.run_id = r.id
      left join lateral (
        select string_agg(letter, '' order by seq) as letters, max(path) filter (where letter in ('r', 'w')) as current_path from (
          select path, seq, case status when 'succeeded' then 's' when 'failed' then case when retry_at is null then 'f' else 'w' end
            when 'waiting' then 'w' when 'started' then 'r' when 'skipped' then 'k' else 'u' end as letter
          from (select distinct on (s.path) s.path, s.seq, s.status, s.retry_at from run_steps s
            where s.organization_id = ${org} and s.run_id = r.id and position('/' in s.path) = 0 order by s.path, s.attempt desc) newest
          order by seq limit 24) shown
      ) marks on true
    order by r.id desc`
}

export function runItemFrom(row: Row): RunItem {
  const started = timeOrNull(row.started_at)
  const finished = timeOrNull(row.finished_at)
  const created = timeFrom(row.created_at)
  return {
    id: idFrom('run', row.id),
    status: row.status as RunItem['status'],
    cancelling: row.cancel_at !== null && finished === null,
    paused: row.pause_at !== null && finished === null,
    workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name) },
    projectId: idFrom('prj', row.project_id),
    version: versionFrom(row.version_number),
    versionId: versionFrom(row.version_number) === null ? null : idOrNull('ver', row.version_id),
    trigger: String(row.trigger),
    startedBy: row.started_by ? { id: idFrom('usr', row.started_by), name: textOrNull(row.starter) ?? '' } : null,
    createdAt: created,
    startedAt: started,
    finishedAt: finished,
    durationMs: finished ? finished.getTime() - (started ?? created).getTime() : null,
    steps: textOrNull(row.letters) ?? '',
    stepsDone: numberFrom(row.steps_done),
    currentStep: finished ? null : textOrNull(row.current_title),
    costMicros: numberFrom(row.cost_micros),
    currency: String(row.currency),
    error: runErrorFrom(row.error),
    deadLetterId: idOrNull('dl', row.dead_letter_id),
    replayOfId: idOrNull('run', row.replay_of_id),
    holder: holderFrom(row),
    waitingFor: waitingFrom(row),
  }
}

/** Drafts are frozen under numbers below zero; people see no number for them. */
export function versionFrom(value: unknown): number | null {
  const number = numberOrNull(value)
  return number !== null && number > 0 ? number : null
}

export function runErrorFrom(value: unknown): RunItem['error'] {
  if (typeof value !== 'object' || value === null) return null
  const error = value as Record<string, unknown>
  return {
    message: textOrNull(error.message) ?? 'The run failed.',
    hint: textOrNull(error.hint),
    nodeTitle: textOrNull(error.nodeTitle) ?? '',
    path: textOrNull(error.path) ?? '',
    class: textOrNull(error.class) ?? 'internal',
  }
}
