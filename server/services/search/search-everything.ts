import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { isId, toUuid } from '@/db/ids'
import { type Caller, canSomewhere } from '@/server/auth/caller'
import { findCredentials } from '@/server/services/credentials/list-credentials'
import { idFrom, rowsOf } from '@/server/services/rows'
import { pageOfRuns } from '@/server/services/runs/list-runs'
import { findSchedules } from '@/server/services/schedules/list-schedules'
import { findTasks } from '@/server/services/tasks/list-tasks'
import { like, projectFilter } from '@/server/services/workflows/list-workflows'
import type { searchInput, searchResults } from './contract'

type Results = z.infer<typeof searchResults>['items']

/** A few of each kind by name, or the one thing whose id was typed. */
export function searchEverything(caller: Caller, { q }: z.infer<typeof searchInput>): Promise<{ items: Results }> {
  if (q === '') return Promise.resolve({ items: [] })
  const org = toUuid(caller.organizationId, 'org')
  const words = like(q)
  return inOrganization(caller.organizationId, async (tx) => {
    const items: Results = []
    if (isId(q, 'run')) {
      for (const run of (await pageOfRuns(tx, caller, { search: q, limit: 1 })).items) {
        items.push({ kind: 'run', id: run.id, title: run.workflow.name, detail: run.status, path: `runs/${run.id}` })
      }
      return { items }
    }
    const workflows = await rowsOf(
      tx,
      sql`select w.id, w.name, w.description from workflows w where w.organization_id = ${org} and w.deleted_at is null and ${projectFilter(caller, 'workflow.read')}
        and (w.name ilike ${words} ${isId(q, 'wf') ? sql`or w.id = ${toUuid(q, 'wf')}::uuid` : sql``}) order by position(lower(${q}) in lower(w.name)), w.updated_at desc limit 8`,
    )
    for (const row of workflows)
      items.push({
        kind: 'workflow',
        id: idFrom('wf', row.id),
        title: String(row.name),
        detail: String(row.description).slice(0, 120),
        path: `workflows/${idFrom('wf', row.id)}`,
      })
    for (const one of await findSchedules(tx, caller, [sql`s.name ilike ${words}`], 5)) {
      items.push({ kind: 'schedule', id: one.id, title: one.name, detail: one.words, path: `schedules?open=${one.id}` })
    }
    for (const one of await findTasks(tx, caller, [sql`t.state = 'open' and t.title ilike ${words}`], 5)) {
      items.push({ kind: 'task', id: one.id, title: one.title, detail: one.workflow.name, path: `tasks/${one.id}` })
    }
    if (canSomewhere(caller, 'credential.read')) {
      for (const one of await findCredentials(tx, caller, [sql`c.name ilike ${words}`], 5)) {
        items.push({ kind: 'credential', id: one.id, title: one.name, detail: one.type, path: `credentials?open=${one.id}` })
      }
    }
    const templates = await rowsOf(
      tx,
      sql`select slug, id, name, summary from templates where name ilike ${words} or summary ilike ${words} order by name limit 5`,
    )
    for (const row of templates)
      items.push({
        kind: 'template',
        id: idFrom('tpl', row.id),
        title: String(row.name),
        detail: String(row.summary),
        path: `marketplace/${String(row.slug)}`,
      })
    return { items }
  })
}
