import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import type { Permission } from '@/server/auth/permissions'
import { numberFrom, rowsOf } from '@/server/services/rows'
import { projectFilter } from '@/server/services/workflows/list-workflows'
import { inProject } from './in-project'

/**
 * How much of each kind the caller's own lists hold: theirs by role and project. What a removed workflow left open is still somebody's to
 * close, so it counts.
 */
export async function countOpenWork(tx: Transaction, caller: Caller, projectId?: string) {
  const org = toUuid(caller.organizationId, 'org')
  const seen = (permission: Permission) =>
    sql`w.organization_id = ${org} and ${projectFilter(caller, permission)} ${inProject('w', projectId)}`
  const [row] = await rowsOf(
    tx,
    sql`select
        (select count(*) from workflows w where w.deleted_at is null and ${seen('workflow.read')}) as workflows,
        (select count(*) from dead_letters d join workflows w on w.id = d.workflow_id
          where d.organization_id = ${org} and d.state = 'open' and ${seen('deadletter.read')}) as letters,
        (select count(*) from tasks t join workflows w on w.id = t.workflow_id
          where t.organization_id = ${org} and t.state = 'open' and ${seen('task.read')}) as tasks`,
  )
  return { workflows: numberFrom(row?.workflows), openDeadLetters: numberFrom(row?.letters), openTasks: numberFrom(row?.tasks) }
}

/** Runs that go on, and those that wait. */
export async function countLiveRuns(tx: Transaction, caller: Caller, projectId?: string) {
  const org = toUuid(caller.organizationId, 'org')
  const [row] = await rowsOf(
    tx,
    sql`select count(*) filter (where r.status <> 'waiting') as running, count(*) filter (where r.status = 'waiting') as waiting
      from runs r join workflows w on w.organization_id = ${org} and w.id = r.workflow_id
      where r.organization_id = ${org} and r.status in ('running', 'accepted', 'waiting') and ${projectFilter(caller, 'run.read')} ${inProject('w', projectId)}`,
  )
  return { runningRuns: numberFrom(row?.running), waitingRuns: numberFrom(row?.waiting) }
}
