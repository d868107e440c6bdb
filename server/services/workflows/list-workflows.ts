import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, visibleProjects } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { pageFrom, readCursor, writeCursor } from '@/server/services/cursor'
import { idFrom, numberFrom, numberOrNull, type Row, rowsOf, textOrNull, timeFrom } from '@/server/services/rows'
import { firstUuid } from '@/server/services/runs/first-uuid'
import type { listWorkflowsInput, WorkflowItem } from './contract'
import { draftFacts } from './draft-facts'

const orders = {
  updated: {
    key: sql`w.updated_at::text`,
    after: (text: string, id: string) => sql`(w.updated_at, w.id) < (${text}::timestamptz, ${id}::uuid)`,
    by: sql`w.updated_at desc, w.id desc`,
  },
  created: { key: sql`w.id::text`, after: (_: string, id: string) => sql`w.id < ${id}::uuid`, by: sql`w.id desc` },
  name: {
    key: sql`lower(w.name)`,
    after: (text: string, id: string) => sql`(lower(w.name), w.id) > (${text}, ${id}::uuid)`,
    by: sql`lower(w.name), w.id`,
  },
}

export function listWorkflows(
  caller: Caller,
  input: z.infer<typeof listWorkflowsInput>,
): Promise<{ items: WorkflowItem[]; nextCursor: string | null }> {
  return inOrganization(caller.organizationId, (tx) => pageOfWorkflows(tx, caller, input))
}

export async function pageOfWorkflows(tx: Transaction, caller: Caller, input: z.infer<typeof listWorkflowsInput>) {
  const org = toUuid(caller.organizationId, 'org')
  const order = orders[input.sort]
  const where: SQL[] = [sql`w.organization_id = ${org} and w.deleted_at is null`, projectFilter(caller, 'workflow.read')]
  if (input.projectId) where.push(sql`w.project_id = ${toUuid(input.projectId, 'prj')}`)
  if (input.search) where.push(sql`(w.name ilike ${like(input.search)} or w.description ilike ${like(input.search)})`)
  if (input.cursor) {
    const [text = '', id = ''] = readCursor(input.cursor, 2)
    where.push(order.after(text, toUuid(id, 'wf')))
  }
  const rows = await rowsOf(
    tx,
    sql`
    with page as (
      select w.*, ${order.key} as sort_key, row_number() over (order by ${order.by}) as place from workflows w
      where ${sql.join(where, sql` and `)} order by ${order.by} limit ${input.limit + 1}
    )
    select w.id, w.name, w.description, w.project_id, w.updated_at, w.sort_key, d.revision,
      v.id as version_id, v.number, t.set_at, v.content_hash as live_hash,
      coalesce(hours.buckets, '{}') as buckets, coalesce(hours.runs, 0) as runs, coalesce(hours.failed, 0) as failed,
      waits.waiting, waits.retrying,
      (select percentile_cont(0.95) within group (order by recent.ms) from (
        select extract(epoch from r.finished_at - coalesce(r.started_at, r.created_at)) * 1000 as ms from runs r
        where r.organization_id = ${org} and r.workflow_id = w.id and r.id >= ${firstUuid(Date.now() - 86_400_000)}::uuid and r.finished_at is not null
        order by r.id desc limit 100) recent) as p95,
      last.id as last_id, last.status as last_status, last.waiting_for as last_waiting_for, last.created_at as last_at
    from page w
      join drafts d on d.organization_id = ${org} and d.workflow_id = w.id
      left join workflow_tags t on t.organization_id = ${org} and t.workflow_id = w.id and t.name = 'live'
      left join workflow_versions v on v.organization_id = ${org} and v.id = t.version_id
      left join lateral (
        select jsonb_object_agg(h.ago, h.runs) as buckets, sum(h.runs) as runs, sum(h.failed) as failed from (
          select floor(extract(epoch from date_trunc('hour', now()) - u.hour) / 3600)::integer as ago, sum(u.runs) as runs, sum(u.failed) as failed
          from usage_hourly u where u.organization_id = ${org} and u.workflow_id = w.id and u.hour > now() - interval '24 hours' group by 1) h
      ) hours on true
      left join lateral (
        select count(*) filter (where coalesce(r.waiting_for ->> 'kind', '') not in ('retry', 'circuit')) as waiting,
          count(*) filter (where r.waiting_for ->> 'kind' in ('retry', 'circuit')) as retrying
        from runs r where r.organization_id = ${org} and r.workflow_id = w.id and r.status = 'waiting' and r.id >= ${firstUuid(Date.now() - 30 * 86_400_000)}::uuid
      ) waits on true
      left join lateral (
        select r.id, r.status, r.created_at, r.waiting_for ->> 'kind' as waiting_for from runs r where r.organization_id = ${org} and r.workflow_id = w.id and r.trigger <> 'test' order by r.id desc limit 1
      ) last on true
    order by w.place`,
  )
  const facts = await draftFacts(
    tx,
    caller.organizationId,
    rows.map((row) => ({
      workflowId: idFrom('wf', row.id),
      projectId: idFrom('prj', row.project_id),
      revision: numberFrom(row.revision),
      versionId: row.version_id ? idFrom('ver', row.version_id) : null,
    })),
  )
  const sortKeys = new Map(rows.map((row) => [idFrom('wf', row.id), String(row.sort_key)]))
  return pageFrom(
    rows.map((row) => workflowItemFrom(row, facts)),
    input.limit,
    (item) => writeCursor([sortKeys.get(item.id) ?? '', item.id]),
  )
}

/** Which projects' workflows the caller may see, as a condition on `w`. */
export function projectFilter(caller: Caller, permission: Permission): SQL {
  const seen = visibleProjects(caller, permission)
  const list = (ids: string[]) =>
    sql.join(
      ids.map((id) => sql`${toUuid(id, 'prj')}::uuid`),
      sql`, `,
    )
  if ('only' in seen) return seen.only.length === 0 ? sql`false` : sql`w.project_id in (${list(seen.only)})`
  return seen.except.length === 0 ? sql`true` : sql`w.project_id not in (${list(seen.except)})`
}

export function like(search: string): string {
  return `%${search.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
}

function workflowItemFrom(row: Row, facts: Awaited<ReturnType<typeof draftFacts>>): WorkflowItem {
  const id = idFrom('wf', row.id)
  const draft = facts.get(id)
  const hours = row.buckets as Record<string, number>
  return {
    id,
    name: String(row.name),
    description: String(row.description),
    projectId: idFrom('prj', row.project_id),
    updatedAt: timeFrom(row.updated_at),
    live: row.version_id
      ? { version: numberFrom(row.number), versionId: idFrom('ver', row.version_id), publishedAt: timeFrom(row.set_at) }
      : null,
    draft: { revision: numberFrom(row.revision), changed: draft?.changed ?? true, problems: draft?.problems ?? 0 },
    triggers: draft?.triggers ?? [],
    last24h: {
      runs: numberFrom(row.runs),
      failed: numberFrom(row.failed),
      waiting: numberFrom(row.waiting),
      retrying: numberFrom(row.retrying),
      p95Ms: numberOrNull(row.p95),
      buckets: Array.from({ length: 24 }, (_, index) => Number(hours[String(23 - index)] ?? 0)),
    },
    lastRun: row.last_id
      ? {
          id: idFrom('run', row.last_id),
          status: row.last_status as never,
          waitingFor: row.last_status === 'waiting' ? textOrNull(row.last_waiting_for) : null,
          createdAt: timeFrom(row.last_at),
        }
      : null,
  }
}
