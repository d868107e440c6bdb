import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import type { Caller } from '@/server/auth/caller'
import { numberFrom, numberOrNull, rowsOf } from '@/server/services/rows'
import { notFound } from '@/server/services/service-error'
import type { IterationItem, loopSummary, summariseLoopInput } from './contract'
import { lookOf, stepsOf } from './list-iterations'
import { requireRun } from './require-run'

type Look = IterationItem['look']
/** What a reader looks at first. */
const urgent: readonly Look[] = ['failed', 'retrying', 'waiting', 'running']
const mostShown = 100

/** How the iterations of a loop stand, counted in one pass over what stands directly in them. */
export function summariseLoop(caller: Caller, input: z.infer<typeof summariseLoopInput>): Promise<z.infer<typeof loopSummary>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const run = await requireRun(tx, caller, input.runId, 'run.read')
    const of = stepsOf(caller.organizationId, input.runId)
    const [own] = await rowsOf(
      tx,
      sql`select s.input -> 'items' as items, s.status from run_steps s where ${of} and s.path = ${input.path} order by s.attempt desc limit 1`,
    )
    if (!own) throw notFound('step')
    const groups = await rowsOf(tx, countQuery(of, input.path))
    const live = run.finishedAt === null
    const looks: Partial<Record<Look, number>> = {}
    const firsts: Partial<Record<Look, string[]>> = {}
    let begun = 0
    let last: { iteration: string; at: number } | null = null
    for (const row of groups) {
      const look = lookOf(row, live)
      const count = numberFrom(row.count)
      begun += count
      looks[look] = (looks[look] ?? 0) + count
      firsts[look] = [...(firsts[look] ?? []), ...(row.firsts as string[])]
      if (!last || numberFrom(row.last_number) > last.at) last = { iteration: String(row.last), at: numberFrom(row.last_number) }
    }
    const items = numberOrNull(own.items)
    const needing = [...(firsts.failed ?? []), ...(firsts.retrying ?? []), ...(firsts.waiting ?? [])]
    return {
      total: items ?? (own.status === 'succeeded' ? begun : null),
      begun,
      looks,
      attention: needing.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).slice(0, mostShown),
      first: urgent.map((look) => firsts[look]?.[0]).find((one) => one !== undefined) ?? last?.iteration ?? null,
    }
  })
}

/** One row for each way that iterations stand. */
function countQuery(of: SQL, path: string): SQL {
  const begin = path.length + 2
  return sql`with steps as (
      select split_part(substr(s.path, ${begin}), '/', 1) as part, s.status, s.port, s.retry_at, s.attempt, position('/' in substr(s.path, ${begin})) = 0 as own,
        s.status = 'failed' and s.retry_at is not null and not exists (
          select from run_steps l where l.organization_id = s.organization_id and l.run_id = s.run_id and l.path = s.path and l.attempt = s.attempt + 1)
          as retrying
      from run_steps s where ${of} and s.path >= ${`${path}/`} and s.path < ${`${path}0`} and starts_with(s.path, ${`${path}/`})
        and split_part(substr(s.path, ${begin}), '/', 3) = '' and substr(s.path, ${begin}, 1) between '0' and '9'
    ), tries as (
      select split_part(part, '.', 1)::integer as iteration, case when own then attempt else coalesce(nullif(split_part(part, '.', 2), ''), '1')::integer end as try,
        bool_or(status = 'failed' and port is null and retry_at is null) as failed, bool_or(retrying) as retrying,
        bool_or(status = 'waiting') as waiting, bool_or(status = 'started') as started, bool_or(status = 'unknown') as unknown
      from steps group by 1, 2
    ), newest as (select distinct on (iteration) *, case when try > 1 then iteration || '.' || try else iteration::text end as name
      from tries order by iteration, try desc)
    select failed, retrying, waiting, started, unknown, count(*) as count, max(iteration) as last_number,
      (array_agg(name order by iteration desc))[1] as last, (array_agg(name order by iteration))[1:100] as firsts
    from newest group by 1, 2, 3, 4, 5`
}
