import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { rowsOf } from '@/server/services/rows'
import type { ledgerInput } from './contract'
import { scheduleIn } from './get-schedule'
import { fireFrom } from './list-schedules'

/** Every expected fire of a span with what became of it, newest first; the last 30 days where none is named. */
export function listFires(caller: Caller, input: z.infer<typeof ledgerInput>) {
  return inOrganization(caller.organizationId, async (tx) => {
    await scheduleIn(tx, caller, input.scheduleId)
    const org = toUuid(caller.organizationId, 'org')
    const from = input.from ?? new Date(Date.now() - 30 * 24 * 3_600_000)
    const to = input.to ?? new Date()
    const rows = await rowsOf(
      tx,
      sql`select f.nominal_at, f.fired_at, f.outcome, f.reason, f.run_id, r.status as run_status from schedule_fires f
        left join runs r on r.organization_id = ${org} and r.id = f.run_id
        where f.organization_id = ${org} and f.schedule_id = ${toUuid(input.scheduleId, 'sch')} and f.nominal_at >= ${from.toISOString()}::timestamptz
          and f.nominal_at <= ${to.toISOString()}::timestamptz order by f.nominal_at desc limit 2000`,
    )
    return { items: rows.map(fireFrom) }
  })
}
