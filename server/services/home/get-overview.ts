import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { numberFrom, rowsOf, timeFrom } from '@/server/services/rows'
import { pageOfRuns } from '@/server/services/runs/list-runs'
import { findSchedules } from '@/server/services/schedules/list-schedules'
import { pageOfWorkflows, projectFilter } from '@/server/services/workflows/list-workflows'
import type { homeInput, homeOverview } from './contract'
import { countLiveRuns, countOpenWork } from './count-open-work'
import { findAttention } from './find-attention'
import { inProject } from './in-project'

type Overview = z.infer<typeof homeOverview>

/** What a person looks at first. Each part is a short query over an index; nothing scans runs or steps. */
export function getOverview(caller: Caller, input: z.infer<typeof homeInput>): Promise<Overview> {
  return inOrganization(caller.organizationId, async (tx) => {
    const project = input.projectId ? { projectId: input.projectId } : {}
    // Asked together: the connection sends them on without waiting for each answer.
    const [active, latest, workflows, attention, runs24h, cost, next, open, live] = await Promise.all([
      pageOfRuns(tx, caller, { ...project, status: ['running', 'waiting', 'accepted'], limit: 8 }),
      pageOfRuns(tx, caller, { ...project, limit: 8 }),
      pageOfWorkflows(tx, caller, { ...project, sort: 'updated', limit: 6 }),
      findAttention(tx, caller, input.projectId),
      runsOfDay(tx, caller, input.projectId),
      costOf(tx, caller, input.projectId),
      nextFiresOf(tx, caller, input.projectId),
      countOpenWork(tx, caller, input.projectId),
      countLiveRuns(tx, caller, input.projectId),
    ])
    return {
      attention,
      runningNow: active.items,
      latestRuns: latest.items,
      workflows: workflows.items,
      runs24h,
      cost,
      next,
      counts: { ...open, ...live },
    }
  })
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
