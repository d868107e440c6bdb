import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { numberFrom, numberOrNull, rowsOf } from '@/server/services/rows'
import type { RunProgress } from './contract'

/**
 * How far the steps are that are made of others: an agent's turns, a loop's items or rounds. Read from what the steps recorded, so it
 * costs a run nothing; `of` is null where no end is known.
 */
export async function progressOf(tx: Transaction, organizationId: string, runId: string): Promise<RunProgress[]> {
  const organization = toUuid(organizationId, 'org')
  const run = toUuid(runId, 'run')
  const rows = await rowsOf(
    tx,
    sql`select s.path, s.input ? 'maxTurns' as agent, coalesce(s.input ->> 'items', s.input ->> 'maxTurns', s.input ->> 'limit') as most,
        s.input ? 'items' as loop, reached.at
      from run_steps s cross join lateral (
        select max(coalesce(substring(substr(c.path, length(s.path) + 2) from '^turn[.]([0-9]{1,9})')::integer,
            substring(substr(c.path, length(s.path) + 2) from '^([0-9]{1,9})')::integer + 1)) as at
        from run_steps c where c.organization_id = ${organization} and c.run_id = ${run} and starts_with(c.path, s.path || '/')
      ) reached
      where s.organization_id = ${organization} and s.run_id = ${run} and s.status = 'started' and s.input is not null and reached.at > 0
      order by s.seq limit 10`,
  )
  return rows.map((row) => ({
    path: String(row.path),
    unit: row.agent === true ? 'turn' : row.loop === true ? 'item' : 'round',
    at: numberFrom(row.at),
    of: numberOrNull(row.most),
  }))
}
