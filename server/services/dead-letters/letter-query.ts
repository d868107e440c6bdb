import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, can } from '@/server/auth/caller'
import { idFrom, numberFrom, type Row, rowsOf, textOrNull, timeFrom, timeOrNull } from '@/server/services/rows'
import { projectFilter } from '@/server/services/workflows/list-workflows'
import type { Json } from '@/workflows/graph/schema'
import { briefOf } from './brief-of'
import type { DeadLetterItem } from './contract'
import { mostInputBytes } from './letter-filter'

/** Dead letters that the caller may see, newest first. */
export async function findLetters(tx: Transaction, caller: Caller, where: readonly SQL[], limit: number): Promise<DeadLetterItem[]> {
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`
    select d.*, w.name as workflow_name, o.name as owner_name, c.name as closer_name, r.status as retry_status,
      (select case when pg_column_size(f.input) <= ${mostInputBytes} then f.input end from runs f
        where f.organization_id = ${org} and f.id = d.run_id) as run_input,
      (select max(s.attempt) from run_steps s
        where s.organization_id = ${org} and s.run_id = d.run_id and s.path = d.failed_path) as attempts
    from dead_letters d
      join workflows w on w.organization_id = ${org} and w.id = d.workflow_id
      left join users o on o.id = d.owner_id
      left join users c on c.id = d.closed_by
      left join runs r on r.organization_id = ${org} and r.id = d.retry_run_id
    where d.organization_id = ${org} and ${projectFilter(caller, 'deadletter.read')} ${where.length > 0 ? sql`and ${sql.join([...where], sql` and `)}` : sql``}
    order by d.id desc limit ${limit}`,
  )
  return rows.map((row) => letterFrom(row, caller))
}

function letterFrom(row: Row, caller: Caller): DeadLetterItem {
  const projectId = idFrom('prj', row.project_id)
  return {
    id: idFrom('dl', row.id),
    runId: idFrom('run', row.run_id),
    workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name) },
    projectId,
    signature: String(row.signature),
    class: String(row.class),
    state: row.state as DeadLetterItem['state'],
    failedPath: String(row.failed_path),
    nodeTitle: String(row.node_title),
    message: String(row.message),
    hint: textOrNull(row.hint),
    brief: can(caller, 'run.payload', projectId) ? briefOf((row.run_input ?? null) as Json) : null,
    attempts: numberFrom(row.attempts ?? 1),
    openedAt: timeFrom(row.opened_at),
    owner: row.owner_id ? { id: idFrom('usr', row.owner_id), name: textOrNull(row.owner_name) ?? '' } : null,
    retryRun: row.retry_run_id ? { id: idFrom('run', row.retry_run_id), status: textOrNull(row.retry_status) ?? 'accepted' } : null,
    closedAt: timeOrNull(row.closed_at),
    closedBy: row.closed_by ? { id: idFrom('usr', row.closed_by), name: textOrNull(row.closer_name) ?? '' } : null,
    reason: textOrNull(row.reason),
  }
}
