import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { numberFrom, type Row, rowsOf, timeFrom } from '@/server/services/rows'
import type { IterationItem, iterationPage, listIterationsInput } from './contract'
import { requireRun } from './require-run'

/**
 * The iterations `from` … `from + count - 1` of a loop, each worked out from the steps that stand directly in it: one probe of the key
 * for each, however many the loop has. What is not a loop gives its sections and branches.
 */
export function listIterations(caller: Caller, input: z.infer<typeof listIterationsInput>): Promise<z.infer<typeof iterationPage>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.read')
    const live = run.finishedAt === null
    const numbered = await rowsOf(tx, numberedQuery(caller.organizationId, input))
    if (numbered.length > 0 || input.from > 0) return { items: numbered.map((row) => itemFrom(row, live)) }
    const named = await rowsOf(tx, namedQuery(caller.organizationId, input))
    return { items: named.map((row) => itemFrom(row, live)) }
  })
}

interface Where {
  runId: string
  path: string
}

export function numberedQuery(organizationId: string, { runId, path, from, count }: Where & { from: number; count: number }): SQL {
  // `5`, `5.2` and `5/…` come before `50`.
  return sql`select i.iteration::text as iteration, x.* from generate_series(${from}::integer, ${from + count - 1}::integer) i (iteration)
    cross join lateral (${summed(sql`select substr(s.path, length(${`${path}/`} || i.iteration) + 1) as rest, ${columns} from run_steps s
      where ${stepsOf(organizationId, runId)} and s.path >= ${`${path}/`} || i.iteration and s.path < ${`${path}/`} || i.iteration || '0'
        and starts_with(s.path, ${`${path}/`} || i.iteration)`)}) x
    where x.steps > 0 order by i.iteration`
}

/** Sections of a *try*, branches: a handful. */
function namedQuery(organizationId: string, { runId, path }: Where): SQL {
  return sql`with inside as materialized (
      select split_part(substr(s.path, ${path.length + 2}), '/', 1) as iteration, s.path as full_path, ${columns} from run_steps s
      where ${stepsOf(organizationId, runId)} and s.path >= ${`${path}/`} and s.path < ${`${path}0`} and starts_with(s.path, ${`${path}/`}))
    select n.iteration, x.* from (select distinct iteration from inside where iteration !~ '^(\\d|turn\\.)') n cross join lateral (${summed(sql`
      select substr(full_path, length(${`${path}/`} || n.iteration) + 1) as rest, inside.path, inside.attempt, inside.status, inside.port,
        inside.retry_at, inside.started_at, inside.duration_us from inside where inside.iteration = n.iteration`)}) x
    where x.steps > 0 order by x.started_at, n.iteration limit 100`
}

const columns = sql`s.path, s.attempt, s.status, s.port, s.retry_at, s.started_at, s.duration_us`

export function stepsOf(organizationId: string, runId: string): SQL {
  return sql`s.organization_id = ${toUuid(organizationId, 'org')} and s.run_id = ${toUuid(runId, 'run')}`
}

/**
 * How an iteration stands: the last attempts of the steps directly in its last try. What stands deeper shows in the containers around
 * it. A row of the iteration itself is the pause before its next try.
 */
function summed(steps: SQL): SQL {
  return sql`select count(*) as steps, max(t.try) as tries, min(t.started_at) as started_at,
      (extract(epoch from max(t.started_at + t.duration_us * interval '1 microsecond') - min(t.started_at)) * 1000000)::bigint as duration_us,
      coalesce(bool_or(t.status = 'failed' and t.port is null and t.retry_at is null and t.try = t.last_try), false) as failed,
      coalesce(bool_or(t.status = 'failed' and t.retry_at is not null and t.try = t.last_try), false) as retrying,
      coalesce(bool_or(t.status = 'waiting'), false) as waiting,
      coalesce(bool_or(t.status = 'started'), false) as started,
      coalesce(bool_or(t.status = 'unknown'), false) as unknown
    from (
      select k.*, max(k.try) over () as last_try, row_number() over (partition by k.path order by k.attempt desc) as newest
      from (select r.*, case when r.rest = '' then r.attempt else coalesce(substring(r.rest from '^\\.(\\d+)/')::integer, 1) end as try
        from (${steps}) r where r.rest ~ '^(\\.\\d+)?(/[^/]+)?$') k
    ) t where t.newest = 1`
}

function itemFrom(row: Row, live: boolean): IterationItem {
  return {
    iteration: numberFrom(row.tries) > 1 ? `${row.iteration}.${row.tries}` : String(row.iteration),
    look: lookOf(row, live),
    steps: numberFrom(row.steps),
    tries: numberFrom(row.tries),
    startedAt: timeFrom(row.started_at),
    durationUs: numberFrom(row.duration_us),
  }
}

export function lookOf(row: Row, live: boolean): IterationItem['look'] {
  if (row.failed) return 'failed'
  if (row.retrying) return live ? 'retrying' : 'failed'
  if (row.waiting) return live ? 'waiting' : 'unknown'
  if (row.started) return live ? 'running' : 'unknown'
  return row.unknown ? 'unknown' : 'succeeded'
}
