import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { numberFrom, rowsOf } from '@/server/services/rows'
import type { countLettersInput, letterCounts } from './contract'
import { letterFilter } from './letter-filter'

/** Of one state at most this many are counted: beyond that nobody reads the digits. */
const countedAtMost = 1_000

/** How many dead letters there are in each state. */
export function countLetters(caller: Caller, input: z.infer<typeof countLettersInput>): Promise<z.infer<typeof letterCounts>> {
  return inOrganization(caller.organizationId, async (tx) => {
    const where = sql.join(letterFilter(caller, input), sql` and `)
    const rows = await rowsOf(
      tx,
      sql`select s.state, (select count(*) from (select from dead_letters d
          join workflows w on w.organization_id = ${toUuid(caller.organizationId, 'org')} and w.id = d.workflow_id
          where d.state = s.state and ${where} limit ${countedAtMost + 1}) counted) as total
        from unnest(array['open', 'retried', 'resolved', 'discarded']) s (state)`,
    )
    const of = (state: string) => {
      const total = numberFrom(rows.find((row) => row.state === state)?.total)
      return { count: Math.min(total, countedAtMost), more: total > countedAtMost }
    }
    return { open: of('open'), retried: of('retried'), resolved: of('resolved'), discarded: of('discarded') }
  })
}
