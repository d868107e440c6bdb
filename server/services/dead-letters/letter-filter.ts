import { type SQL, sql } from 'drizzle-orm'
import { isId, toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { like, projectFilter } from '@/server/services/workflows/list-workflows'

/** As it is kept; what is larger is neither shown in a line nor searched. */
export const mostInputBytes = 8192

interface Filters {
  workflowId?: string | undefined
  projectId?: string | undefined
  mine?: boolean | undefined
  search?: string | undefined
}

/** What the caller may see of `dead_letters d` beside `workflows w`, and asked for. */
export function letterFilter(caller: Caller, { workflowId, projectId, mine, search }: Filters): SQL[] {
  return [
    sql`d.organization_id = ${toUuid(caller.organizationId, 'org')}`,
    projectFilter(caller, 'deadletter.read'),
    ...(workflowId ? [sql`d.workflow_id = ${toUuid(workflowId, 'wf')}::uuid`] : []),
    ...(projectId ? [sql`d.project_id = ${toUuid(projectId, 'prj')}::uuid`] : []),
    ...(mine ? [caller.userId ? sql`d.owner_id = ${toUuid(caller.userId, 'usr')}::uuid` : sql`false`] : []),
    ...(search ? [searched(caller, search)] : []),
  ]
}

/** What went wrong, where, why it was closed, and what the run was started with, as far as the caller may see that. */
function searched(caller: Caller, search: string): SQL {
  if (isId(search, 'dl')) return sql`d.id = ${toUuid(search, 'dl')}::uuid`
  if (isId(search, 'run')) return sql`d.run_id = ${toUuid(search, 'run')}::uuid`
  const words = like(search)
  const tail = /^[0-9a-f]{4,32}$/.test(search) ? sql`or replace(d.run_id::text, '-', '') like ${`%${search}`}` : sql``
  return sql`(d.message ilike ${words} or d.hint ilike ${words} or d.node_title ilike ${words} or d.reason ilike ${words} or w.name ilike ${words}
    ${tail}
    or (${projectFilter(caller, 'run.payload')} and exists (select from runs f where f.organization_id = d.organization_id and f.id = d.run_id
      and pg_column_size(f.input) <= ${mostInputBytes} and f.input::text ilike ${words})))`
}
