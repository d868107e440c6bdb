import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, canSomewhere } from '@/server/auth/caller'
import { groupsIn } from '@/server/services/dead-letters/list-groups'
import { idFrom, numberFrom, rowsOf, textOrNull, timeFrom } from '@/server/services/rows'
import { pageOfRuns } from '@/server/services/runs/list-runs'
import { findSchedules } from '@/server/services/schedules/list-schedules'
import { findTasks } from '@/server/services/tasks/list-tasks'
import { pageOfWorkflows, projectFilter } from '@/server/services/workflows/list-workflows'
import type { homeInput, homeOverview } from './contract'

type Overview = z.infer<typeof homeOverview>
type Attention = Overview['attention'][number]

/** What a person looks at first. Each part is a short query over an index; nothing scans runs or steps. */
export function getOverview(caller: Caller, input: z.infer<typeof homeInput>): Promise<Overview> {
  return inOrganization(caller.organizationId, async (tx) => {
    const project = input.projectId ? { projectId: input.projectId } : {}
    const active = await pageOfRuns(tx, caller, { ...project, status: ['running', 'waiting', 'accepted'], limit: 8 })
    const latest = await pageOfRuns(tx, caller, { ...project, limit: 8 })
    const workflows = await pageOfWorkflows(tx, caller, { ...project, sort: 'updated', limit: 6 })
    return {
      attention: await attentionOf(tx, caller, input.projectId),
      runningNow: active.items,
      latestRuns: latest.items,
      workflows: workflows.items,
      runs24h: await runsOfDay(tx, caller, input.projectId),
      cost: await costOf(tx, caller, input.projectId),
      next: await nextFiresOf(tx, caller, input.projectId),
      counts: await countsOf(tx, caller, input.projectId),
    }
  })
}

function inProject(alias: 'w', projectId: string | undefined): SQL {
  return projectId ? sql`and ${sql.raw(alias)}.project_id = ${toUuid(projectId, 'prj')}::uuid` : sql``
}

async function attentionOf(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
  const org = toUuid(caller.organizationId, 'org')
  const groups = await groupsIn(tx, caller, projectId ? { projectId } : {}, 5)
  const found: Attention[] = groups.map((group) => ({
    kind: 'dead_letters',
    id: group.sampleId,
    title: group.message,
    detail: group.nodeTitle,
    count: group.count,
    at: group.lastAt,
    workflow: group.workflow,
    signature: group.signature,
  }))
  const where = [sql`t.state = 'open'`, ...(projectId ? [sql`t.project_id = ${toUuid(projectId, 'prj')}::uuid`] : [])]
  for (const task of (await findTasks(tx, caller, where, 5)).filter((one) => one.canDecide)) {
    found.push({
      kind: 'task',
      id: task.id,
      title: task.title,
      detail: task.workflow.name,
      count: 1,
      at: task.createdAt,
      workflow: task.workflow,
      signature: null,
    })
  }
  found.push(...(await retryingIn(tx, caller, projectId)))
  const missed = await rowsOf(
    tx,
    sql`select s.id, s.name, w.id as workflow_id, w.name as workflow_name, count(*) as total, max(f.nominal_at) as at
      from schedules s join workflows w on w.organization_id = ${org} and w.id = s.workflow_id and w.deleted_at is null
        join schedule_fires f on f.organization_id = ${org} and f.schedule_id = s.id and f.outcome = 'missed' and f.nominal_at > now() - interval '24 hours'
      where s.organization_id = ${org} and s.deleted_at is null and ${projectFilter(caller, 'schedule.read')} ${inProject('w', projectId)}
      group by s.id, s.name, w.id, w.name order by max(f.nominal_at) desc limit 5`,
  )
  for (const row of missed) {
    found.push({
      kind: 'schedule_missed',
      id: idFrom('sch', row.id),
      title: String(row.name),
      detail: String(row.workflow_name),
      count: numberFrom(row.total),
      at: timeFrom(row.at),
      workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name) },
      signature: null,
    })
  }
  if (canSomewhere(caller, 'credential.edit')) {
    const empty = await rowsOf(
      tx,
      sql`select c.id, c.name, c.updated_at, count(distinct v.workflow_id) as total, min(w.name) as workflow_name, (array_agg(w.id))[1] as workflow_id from credentials c
        join version_credentials vc on vc.organization_id = ${org} and vc.credential_id = c.id
        join workflow_versions v on v.organization_id = ${org} and v.id = vc.version_id
        join workflow_tags t on t.organization_id = ${org} and t.workflow_id = v.workflow_id and t.version_id = v.id and t.name = 'live'
        join workflows w on w.organization_id = ${org} and w.id = v.workflow_id and w.deleted_at is null and ${projectFilter(caller, 'workflow.read')} ${inProject('w', projectId)}
        where c.organization_id = ${org} and c.deleted_at is null and c.secret is null group by c.id, c.name, c.updated_at limit 5`,
    )
    for (const row of empty) {
      found.push({
        kind: 'credential_empty',
        id: idFrom('cred', row.id),
        title: String(row.name),
        detail: String(row.workflow_name),
        count: numberFrom(row.total),
        at: timeFrom(row.updated_at),
        workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name) },
        signature: null,
      })
    }
  }
  return found
}

/** Runs whose last try failed and that wait for the next, by workflow. */
async function retryingIn(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Attention[]> {
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
  }))
}

async function runsOfDay(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Overview['runs24h']> {
  const org = toUuid(caller.organizationId, 'org')
  const rows = await rowsOf(
    tx,
    sql`select h.at, coalesce(sum(u.runs) filter (where w.id is not null), 0) as runs, coalesce(sum(u.failed) filter (where w.id is not null), 0) as failed
      from generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), interval '1 hour') h(at)
        left join usage_hourly u on u.organization_id = ${org} and u.hour = h.at
        left join workflows w on w.organization_id = ${org} and w.id = u.workflow_id and ${projectFilter(caller, 'run.read')} ${inProject('w', projectId)}
      group by h.at order by h.at`,
  )
  const buckets = rows.map((row) => ({
    at: timeFrom(row.at),
    succeeded: numberFrom(row.runs) - numberFrom(row.failed),
    failed: numberFrom(row.failed),
  }))
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failed, 0)
  const succeeded = buckets.reduce((sum, bucket) => sum + bucket.succeeded, 0)
  return { total: failed + succeeded, failed, succeeded, buckets }
}

async function costOf(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Overview['cost']> {
  const org = toUuid(caller.organizationId, 'org')
  const [organization] = await rowsOf(tx, sql`select time_zone, currency from organizations where id = ${org}`)
  const zone = String(organization?.time_zone ?? 'UTC')
  const rows = await rowsOf(
    tx,
    sql`select to_char(d.day, 'YYYY-MM-DD') as day, to_char(d.day, 'YYYY-MM') = to_char(now() at time zone ${zone}::text, 'YYYY-MM') as this_month, coalesce(sum(u.cost_micros), 0) as cost
      from generate_series(least(date_trunc('month', now() at time zone ${zone}::text), date_trunc('day', now() at time zone ${zone}::text) - interval '13 days'), date_trunc('day', now() at time zone ${zone}::text), interval '1 day') d(day)
        left join (select u.hour, u.cost_micros from usage_hourly u join workflows w on w.organization_id = ${org} and w.id = u.workflow_id
          where u.organization_id = ${org} and u.hour > now() - interval '33 days' and ${projectFilter(caller, 'cost.read')} ${inProject('w', projectId)}) u
          on u.hour >= d.day at time zone ${zone}::text and u.hour < (d.day + interval '1 day') at time zone ${zone}::text
      group by d.day order by d.day`,
  )
  const days = rows.map((row) => ({ day: String(row.day), costMicros: numberFrom(row.cost), thisMonth: row.this_month === true }))
  return {
    currency: String(organization?.currency ?? 'USD'),
    todayMicros: days.at(-1)?.costMicros ?? 0,
    monthMicros: days.filter((day) => day.thisMonth).reduce((sum, day) => sum + day.costMicros, 0),
    days: days.slice(-14).map(({ day, costMicros }) => ({ day, costMicros })),
  }
}

async function nextFiresOf(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Overview['next']> {
  const where = [sql`not s.paused`, ...(projectId ? [sql`w.project_id = ${toUuid(projectId, 'prj')}::uuid`] : [])]
  const items = await findSchedules(tx, caller, where, 200)
  return items
    .flatMap((item) =>
      item.next[0] && item.workflow.live
        ? [
            {
              scheduleId: item.id,
              name: item.name,
              workflow: { id: item.workflow.id, name: item.workflow.name },
              at: item.next[0],
              words: item.words,
            },
          ]
        : [],
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, 5)
}

async function countsOf(tx: Transaction, caller: Caller, projectId: string | undefined): Promise<Overview['counts']> {
  const org = toUuid(caller.organizationId, 'org')
  const scope = sql`${projectFilter(caller, 'workflow.read')} ${inProject('w', projectId)}`
  const [row] = await rowsOf(
    tx,
    sql`with w as materialized (select w.id from workflows w where w.organization_id = ${org} and w.deleted_at is null and ${scope})
      select (select count(*) from w) as workflows,
        (select count(*) from dead_letters d where d.organization_id = ${org} and d.state = 'open' and d.workflow_id in (select id from w)) as letters,
        (select count(*) from tasks t where t.organization_id = ${org} and t.state = 'open' and t.workflow_id in (select id from w)) as tasks,
        (select count(*) from runs r where r.organization_id = ${org} and r.status in ('running', 'accepted') and r.workflow_id in (select id from w)) as running,
        (select count(*) from runs r where r.organization_id = ${org} and r.status = 'waiting' and r.workflow_id in (select id from w)) as waiting`,
  )
  return {
    workflows: numberFrom(row?.workflows),
    openDeadLetters: numberFrom(row?.letters),
    openTasks: numberFrom(row?.tasks),
    runningRuns: numberFrom(row?.running),
    waitingRuns: numberFrom(row?.waiting),
  }
}
