import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { pageFrom, readIdCursor, writeCursor } from '@/server/services/cursor'
import { idFrom, idOrNull, numberFrom, type Row, rowsOf, textOrNull, timeFrom, timeOrNull } from '@/server/services/rows'
import { like, projectFilter } from '@/server/services/workflows/list-workflows'
import type { Json } from '@/workflows/graph/schema'
import type { listSchedulesInput, ScheduleItem } from './contract'
import { nextFires, wordsOf } from './read-cron'

export function listSchedules(caller: Caller, input: z.infer<typeof listSchedulesInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    const where: SQL[] = []
    if (input.workflowId) where.push(sql`s.workflow_id = ${toUuid(input.workflowId, 'wf')}::uuid`)
    if (input.projectId) where.push(sql`w.project_id = ${toUuid(input.projectId, 'prj')}::uuid`)
    if (input.search) where.push(sql`(s.name ilike ${like(input.search)} or w.name ilike ${like(input.search)})`)
    if (input.cursor) where.push(sql`s.id < ${readIdCursor(input.cursor)}::uuid`)
    const items = await findSchedules(tx, caller, where, input.limit + 1, input.language)
    return pageFrom(items, input.limit, (item) => writeCursor([toUuid(item.id, 'sch')]))
  })
}

export async function findSchedules(
  tx: Transaction,
  caller: Caller,
  where: readonly SQL[],
  limit: number,
  language?: string,
): Promise<ScheduleItem[]> {
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`
    select s.*, w.name as workflow_name, w.project_id,
      exists (select from workflow_tags t where t.organization_id = ${org} and t.workflow_id = w.id and t.name = 'live') as is_live,
      (select coalesce(jsonb_agg(to_jsonb(f) order by f.nominal_at desc), '[]') from (
        select f.nominal_at, f.fired_at, f.outcome, f.reason, f.run_id, r.status as run_status from schedule_fires f
          left join runs r on r.organization_id = ${org} and r.id = f.run_id
        where f.organization_id = ${org} and f.schedule_id = s.id order by f.nominal_at desc limit 10) f) as fires
    from schedules s join workflows w on w.organization_id = ${org} and w.id = s.workflow_id and w.deleted_at is null
    where s.organization_id = ${org} and s.deleted_at is null and ${projectFilter(caller, 'schedule.read')}
      ${where.length > 0 ? sql`and ${sql.join([...where], sql` and `)}` : sql``}
    order by s.id desc limit ${limit}`,
  )
  const now = new Date()
  return rows.map((row) => ({
    id: idFrom('sch', row.id),
    name: String(row.name),
    workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name), live: row.is_live === true },
    projectId: idFrom('prj', row.project_id),
    nodeId: textOrNull(row.node_id),
    cron: String(row.cron),
    words: wordsOf(String(row.cron), language),
    timeZone: String(row.time_zone),
    input: (row.input ?? null) as Json,
    paused: row.paused === true,
    pauseReason: textOrNull(row.pause_reason),
    overlap: row.overlap as ScheduleItem['overlap'],
    catchUpSeconds: numberFrom(row.catch_up_seconds),
    next: row.paused === true ? [] : nextFires(String(row.cron), String(row.time_zone), now, 5),
    lastFires: (row.fires as Row[]).map(fireFrom),
    createdAt: timeFrom(row.created_at),
    updatedAt: timeFrom(row.updated_at),
  }))
}

export function fireFrom(row: Row): ScheduleItem['lastFires'][number] {
  return {
    nominalAt: timeFrom(row.nominal_at),
    firedAt: timeOrNull(row.fired_at),
    outcome: row.outcome as ScheduleItem['lastFires'][number]['outcome'],
    reason: textOrNull(row.reason),
    runId: idOrNull('run', row.run_id),
    runStatus: textOrNull(row.run_status),
  }
}
