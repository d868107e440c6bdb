import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, canSomewhere } from '@/server/auth/caller'
import { findCircuits } from '@/server/services/circuits/list-circuits'
import { groupsIn } from '@/server/services/dead-letters/list-groups'
import { idFrom, numberFrom, type Row, rowsOf, textOrNull, timeFrom } from '@/server/services/rows'
import { findTasks, givenTo } from '@/server/services/tasks/list-tasks'
import { projectFilter } from '@/server/services/workflows/list-workflows'
import type { homeOverview } from './contract'
import { inProject } from './in-project'

type Attention = z.infer<typeof homeOverview>['attention'][number]
type Find = (tx: Transaction, caller: Caller, projectId: string | undefined) => Promise<Attention[]>

/** What somebody has to do something about, the most urgent kind first. */
export async function findAttention(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  const kinds: Find[] = [failures, decisions, heldBack, retrying, missedSchedules, emptyCredentials, pausedSchedules]
  return (await Promise.all(kinds.map((find) => find(tx, caller, projectId)))).flat()
}

async function failures(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  const groups = await groupsIn(tx, caller, projectId ? { projectId } : {}, 5, { ownFirst: true })
  return groups.map((group) => ({
    kind: 'dead_letters',
    id: group.sampleId,
    title: group.message,
    detail: group.nodeTitle,
    count: group.count,
    at: group.lastAt,
    workflow: group.workflow,
    signature: group.signature,
    mine: group.mine > 0,
  }))
}

/** Of those given to somebody, who may have said their word already. */
const mostLookedAt = 50

/** Tasks that the caller may decide. */
async function decisions(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  const where = [
    sql`t.state = 'open'`,
    projectFilter(caller, 'task.decide'),
    givenTo(caller),
    ...(projectId ? [sql`t.project_id = ${toUuid(projectId, 'prj')}::uuid`] : []),
  ]
  const tasks = await findTasks(tx, caller, where, mostLookedAt)
  return tasks
    .filter((task) => task.canDecide)
    .slice(0, 5)
    .map((task) => ({
      kind: 'task',
      id: task.id,
      title: task.title,
      detail: task.workflow.name,
      count: 1,
      at: task.createdAt,
      workflow: task.workflow,
      signature: null,
      mine: false,
    }))
}

/** Hosts whose calls are held back. */
async function heldBack(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  const only = projectId
    ? sql`k.state in ('open', 'probing') and exists (select from circuit_waits cw join runs r on r.organization_id = k.organization_id and r.id = cw.run_id
        where cw.organization_id = k.organization_id and cw.circuit_id = k.id and r.project_id = ${toUuid(projectId, 'prj')}::uuid)`
    : sql`k.state in ('open', 'probing')`
  return (await findCircuits(tx, caller, only, 5)).map((circuit) => ({
    kind: 'circuit_open',
    id: circuit.id,
    title: circuit.message,
    detail: circuit.refused ? 'refused' : 'down',
    count: circuit.waitingRuns,
    at: circuit.since,
    workflow: null,
    signature: null,
    mine: false,
  }))
}

/** Runs whose last try failed and that wait for the next, by workflow. */
async function retrying(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`select g.workflow_id, g.workflow_name, g.total, s.error ->> 'message' as message, s.node_title, coalesce(s.started_at, g.at) as at from (
        select r.workflow_id, w.name as workflow_name, count(*) as total, max(r.created_at) as at, (array_agg(r.id order by r.id desc))[1] as sample
        from runs r join workflows w on w.organization_id = ${org} and w.id = r.workflow_id and w.deleted_at is null
        where r.organization_id = ${org} and r.status = 'waiting' and r.waiting_for ->> 'kind' = 'retry' and ${projectFilter(caller, 'run.read')} ${inProject('w', projectId)}
        group by r.workflow_id, w.name order by count(*) desc limit 5
      ) g left join lateral (
        select s.error, s.started_at, (select n ->> 'title' from runs r join workflow_versions v on v.organization_id = ${org} and v.id = r.version_id, jsonb_array_elements(v.graph -> 'nodes') n
          where r.organization_id = ${org} and r.id = g.sample and n ->> 'id' = split_part(s.path, '/', 1) limit 1) as node_title
        from run_steps s where s.organization_id = ${org} and s.run_id = g.sample and s.error is not null and s.retry_at is not null order by s.seq desc limit 1
      ) s on true`,
  )
  return rows.map((row) => ({
    kind: 'retrying',
    id: idFrom('wf', row.workflow_id),
    title: textOrNull(row.message) ?? String(row.workflow_name),
    detail: textOrNull(row.node_title) ?? '',
    count: numberFrom(row.total),
    at: timeFrom(row.at),
    workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name) },
    signature: null,
    mine: false,
  }))
}

/** Fires of the last day that never came. */
async function missedSchedules(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`select s.id, s.name, w.id as workflow_id, w.name as workflow_name, count(*) as total, max(f.nominal_at) as at
      from schedules s join workflows w on w.organization_id = ${org} and w.id = s.workflow_id and w.deleted_at is null
        join schedule_fires f on f.organization_id = ${org} and f.schedule_id = s.id and f.outcome = 'missed' and f.nominal_at > now() - interval '24 hours'
      where s.organization_id = ${org} and s.deleted_at is null and ${projectFilter(caller, 'schedule.read')} ${inProject('w', projectId)}
      group by s.id, s.name, w.id, w.name order by max(f.nominal_at) desc limit 5`,
  )
  return rows.map((row) => ({ kind: 'schedule_missed', id: idFrom('sch', row.id), ...namedFrom(row) }))
}

/** Credentials of live workflows that have no secret yet. */
async function emptyCredentials(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  if (!canSomewhere(caller, 'credential.edit')) return []
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`select c.id, c.name, c.updated_at as at, count(distinct v.workflow_id) as total, min(w.name) as workflow_name, (array_agg(w.id))[1] as workflow_id from credentials c
      join version_credentials vc on vc.organization_id = ${org} and vc.credential_id = c.id
      join workflow_versions v on v.organization_id = ${org} and v.id = vc.version_id
      join workflow_tags t on t.organization_id = ${org} and t.workflow_id = v.workflow_id and t.version_id = v.id and t.name = 'live'
      join workflows w on w.organization_id = ${org} and w.id = v.workflow_id and w.deleted_at is null and ${projectFilter(caller, 'workflow.read')} ${inProject('w', projectId)}
      where c.organization_id = ${org} and c.deleted_at is null and c.secret is null group by c.id, c.name, c.updated_at limit 5`,
  )
  return rows.map((row) => ({ kind: 'credential_empty', id: idFrom('cred', row.id), ...namedFrom(row) }))
}

/** Schedules of live workflows that somebody paused for a reason, which may be over. */
async function pausedSchedules(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`select s.id, s.name, s.pause_reason, s.updated_at as at, 1 as total, w.id as workflow_id, w.name as workflow_name
      from schedules s join workflows w on w.organization_id = ${org} and w.id = s.workflow_id and w.deleted_at is null
        join workflow_tags t on t.organization_id = ${org} and t.workflow_id = w.id and t.name = 'live'
      where s.organization_id = ${org} and s.deleted_at is null and s.paused and s.pause_reason is not null
        and ${projectFilter(caller, 'schedule.read')} ${inProject('w', projectId)}
      order by s.updated_at desc limit 3`,
  )
  return rows.map((row) => ({ kind: 'schedule_paused', id: idFrom('sch', row.id), ...namedFrom(row), detail: String(row.pause_reason) }))
}

function namedFrom(row: Row): Omit<Attention, 'kind' | 'id'> {
  return {
    title: String(row.name),
    detail: String(row.workflow_name),
    count: numberFrom(row.total),
    at: timeFrom(row.at),
    workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name) },
    signature: null,
    mine: false,
  }
}
