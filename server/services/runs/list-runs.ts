import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { isId, toUuid } from '@/db/ids'
import { type Caller, visibleProjects } from '@/server/auth/caller'
import { pageFrom, readIdCursor, writeCursor } from '@/server/services/cursor'
import { rowsOf } from '@/server/services/rows'
import { like, projectFilter } from '@/server/services/workflows/list-workflows'
import type { listRunsInput, RunItem } from './contract'
import { firstUuid } from './first-uuid'
import { runItemFrom, runQuery } from './run-query'

type Filters = z.infer<typeof listRunsInput>

export function listRuns(caller: Caller, input: Filters): Promise<{ items: RunItem[]; nextCursor: string | null }> {
  return inOrganization(caller.organizationId, (tx) => pageOfRuns(tx, caller, input))
}

export async function pageOfRuns(tx: Transaction, caller: Caller, input: Filters) {
  const rows = await rowsOf(tx, runQuery(caller.organizationId, pageQuery(caller, input)))
  return pageFrom(rows.map(runItemFrom), input.limit, (item) => writeCursor([toUuid(item.id, 'run')]))
}

/**
 * The ids of a page. Each way to ask walks one index that ends in `id desc` and stops after a page: by status, by workflow, by trigger,
 * or the primary key. Several statuses or workflows are walked one by one and merged.
 */
function pageQuery(caller: Caller, input: Filters): SQL {
  const org = toUuid(caller.organizationId, 'org')
  const limit = sql`${input.limit + 1}`
  const filters: SQL[] = [sql`r.organization_id = ${org}`]
  if (input.cursor) filters.push(sql`r.id < ${readIdCursor(input.cursor)}::uuid`)
  if (input.from) filters.push(sql`r.id >= ${firstUuid(input.from)}::uuid`)
  if (input.to) filters.push(sql`r.id < ${firstUuid(input.to)}::uuid`)
  filters.push(input.trigger ? sql`r.trigger = ${input.trigger}` : sql`r.trigger <> 'test'`)
  if (input.search && isId(input.search, 'run')) filters.push(sql`r.id = ${toUuid(input.search, 'run')}::uuid`)

  const statuses = input.status && input.status.length > 0 ? input.status : null
  const byStatus = statuses ? sql`r.status = any(${array(statuses)}::text[])` : null
  const all = (extra: (SQL | null)[]) => sql.join([...filters, ...extra.filter((one) => one !== null)], sql` and `)

  if (input.search && !isId(input.search, 'run')) {
    const words = like(input.search)
    return sql`
      select id from (
        (select found.id from workflows w cross join lateral (
          select r.id from runs r where ${all([byStatus])} and r.workflow_id = w.id order by r.id desc limit ${limit}) found
          where w.organization_id = ${org} and w.name ilike ${words} and ${workflowScope(caller, input)} order by found.id desc limit ${limit})
        union
        (select r.id from (select * from runs r where ${all([byStatus])} and r.status = 'failed' order by r.id desc limit 2000) r
          join workflows w on w.organization_id = ${org} and w.id = r.workflow_id
          where r.error ->> 'message' ilike ${words} and ${workflowScope(caller, input)} order by r.id desc limit ${limit})
      ) found order by id desc limit ${limit}`
  }
  if (input.workflowId) {
    return sql`select r.id from runs r join workflows w on w.organization_id = ${org} and w.id = r.workflow_id
      where ${all([byStatus, sql`r.workflow_id = ${toUuid(input.workflowId, 'wf')}::uuid`, workflowScope(caller, input)])} order by r.id desc limit ${limit}`
  }
  if (input.projectId || isNarrow(caller)) {
    return sql`select found.id from workflows w cross join lateral (
        select r.id from runs r where ${all([byStatus])} and r.workflow_id = w.id order by r.id desc limit ${limit}) found
      where w.organization_id = ${org} and ${workflowScope(caller, input)} order by found.id desc limit ${limit}`
  }
  if (statuses) {
    return sql`select found.id from unnest(${array(statuses)}::text[]) asked(status) cross join lateral (
        select r.id from runs r where ${all([sql`r.status = asked.status`])} order by r.id desc limit ${limit}) found
      order by found.id desc limit ${limit}`
  }
  return sql`select r.id from runs r where ${all([])} order by r.id desc limit ${limit}`
}

function array(texts: readonly string[]): SQL {
  return sql`array[${sql.join(
    texts.map((text) => sql`${text}`),
    sql`, `,
  )}]`
}

function workflowScope(caller: Caller, input: Filters): SQL {
  const seen = projectFilter(caller, 'run.read')
  return input.projectId ? sql`${seen} and w.project_id = ${toUuid(input.projectId, 'prj')}::uuid` : seen
}

function isNarrow(caller: Caller): boolean {
  const seen = visibleProjects(caller, 'run.read')
  return 'only' in seen || seen.except.length > 0
}
