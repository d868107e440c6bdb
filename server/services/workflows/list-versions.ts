import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { pageFrom, readCursor, writeCursor } from '@/server/services/cursor'
import { idFrom, numberFrom, type Row, rowsOf, timeFrom } from '@/server/services/rows'
import { firstUuid } from '@/server/services/runs/first-uuid'
import type { listVersionsInput } from './contract'
import { requireWorkflow } from './require-workflow'

export function listVersions(caller: Caller, input: z.infer<typeof listVersionsInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    await requireWorkflow(tx, caller, input.workflowId, 'workflow.read')
    const before = input.cursor ? Number(readCursor(input.cursor, 1)[0]) || 0 : 2_147_483_647
    const rows = await rowsOf(
      tx,
      sql`${versionQuery(caller.organizationId)} and v.workflow_id = ${toUuid(input.workflowId, 'wf')} and v.number > 0 and v.number < ${before}
        order by v.number desc limit ${input.limit + 1}`,
    )
    return pageFrom(rows.map(versionItemFrom), input.limit, (item) => writeCursor([String(item.number)]))
  })
}

/** Counting more would make the list of versions slow where a workflow runs often. */
const mostCounted = 2_000

/** A version with who published it, its tags and its runs of the last 30 days. */
export function versionQuery(organizationId: string) {
  const org = toUuid(organizationId, 'org')
  return sql`
    select v.id, v.workflow_id, v.number, v.note, v.created_at, u.id as user_id, u.name as user_name,
      (select coalesce(jsonb_agg(t.name), '[]') from workflow_tags t where t.organization_id = v.organization_id and t.workflow_id = v.workflow_id and t.version_id = v.id) as tags,
      r.total, r.live, r.seen
    from workflow_versions v
      left join users u on u.id = v.published_by
      cross join lateral (
        select count(*) filter (where r.version_id = v.id) as total, count(*) as seen,
          count(*) filter (where r.version_id = v.id and r.status in ('accepted', 'running', 'waiting')) as live
        from (select status, version_id from runs where organization_id = ${org} and workflow_id = v.workflow_id and id >= ${firstUuid(Date.now() - 30 * 86_400_000)}::uuid
          order by id desc limit ${mostCounted}) r
      ) r
    where v.organization_id = ${org}`
}

export function versionItemFrom(row: Row) {
  return {
    id: idFrom('ver', row.id),
    number: numberFrom(row.number),
    note: String(row.note),
    publishedBy: row.user_id ? { id: idFrom('usr', row.user_id), name: String(row.user_name) } : null,
    createdAt: timeFrom(row.created_at),
    tags: row.tags as string[],
    runs: { total: numberFrom(row.total), live: numberFrom(row.live), newest: numberFrom(row.seen) < mostCounted ? null : mostCounted },
  }
}
