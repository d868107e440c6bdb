import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import type { Caller } from '@/server/auth/caller'
import { idFrom, numberFrom, rowsOf, textOrNull, timeFrom } from '@/server/services/rows'
import type { listGroupsInput } from './contract'
import { letterFilter } from './letter-filter'

/** Open dead letters by what went wrong, most at the top. */
export function listGroups(caller: Caller, input: z.infer<typeof listGroupsInput>) {
  return inOrganization(caller.organizationId, async (tx) => ({ items: await groupsIn(tx, caller, input) }))
}

export async function groupsIn(
  tx: Transaction,
  caller: Caller,
  input: z.infer<typeof listGroupsInput>,
  limit = 200,
  { ownFirst = false } = {},
) {
  const me = caller.userId ? sql`${toUuid(caller.userId, 'usr')}::uuid` : sql`null::uuid`
  const org = toUuid(caller.organizationId, 'org')
  const where = letterFilter(caller, input)
  const rows = await rowsOf(
    tx,
    sql`
    select g.*, s.message, s.hint, s.class, s.node_title, w.name as workflow_name from (
      select d.signature, d.workflow_id, count(*) as total, count(*) filter (where d.owner_id = ${me}) as mine, min(d.opened_at) as first_at, max(d.opened_at) as last_at, (array_agg(d.id order by d.id desc))[1] as sample_id
      from dead_letters d join workflows w on w.organization_id = ${org} and w.id = d.workflow_id
      where d.state = 'open' and ${sql.join(where, sql` and `)}
      group by d.signature, d.workflow_id order by ${ownFirst ? sql`(count(*) filter (where d.owner_id = ${me}) > 0) desc,` : sql``} count(*) desc, max(d.opened_at) desc limit ${limit}
    ) g join dead_letters s on s.organization_id = ${org} and s.id = g.sample_id
      join workflows w on w.organization_id = ${org} and w.id = g.workflow_id
    order by ${ownFirst ? sql`(g.mine > 0) desc,` : sql``} g.total desc, g.last_at desc`,
  )
  return rows.map((row) => ({
    signature: String(row.signature),
    message: String(row.message),
    hint: textOrNull(row.hint),
    class: String(row.class),
    nodeTitle: String(row.node_title),
    workflow: { id: idFrom('wf', row.workflow_id), name: String(row.workflow_name) },
    count: numberFrom(row.total),
    mine: numberFrom(row.mine),
    firstAt: timeFrom(row.first_at),
    lastAt: timeFrom(row.last_at),
    sampleId: idFrom('dl', row.sample_id),
  }))
}
