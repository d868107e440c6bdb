import postgres from 'postgres'
import { eventually } from '../support/eventually'
import type { Arena } from './arena'
import { loops } from './load'

const sendEveryMs = 10_000

/** Keeps large loops coming and answers when both of two workers have taken parts of them since it was asked. */
export async function untilBothShare({ cluster, send }: Arena): Promise<void> {
  const sql = postgres(cluster.adminUrl, { max: 1, onnotice: () => {} })
  let sentAt = Number.NEGATIVE_INFINITY
  try {
    const [clock] = await sql<{ now: string }[]>`select clock_timestamp()::text as now`
    const since = clock?.now as string
    await eventually(
      'two workers have parts of loops in hand',
      async () => {
        const [seen] = await sql<{ workers: number; open: number; holders: number }[]>`
          select (select count(*) from holders where lease_until > clock_timestamp())::integer as workers,
            (select count(*) from run_chunks where state <> 'ended')::integer as open,
            (select count(distinct c.holder_id) from run_chunks c join holders h on h.id = c.holder_id
              where c.state = 'held' and c.changed_at > ${since}::timestamptz and h.lease_until > clock_timestamp())::integer as holders`
        if (!seen) return false
        if (seen.open === 0 && seen.workers > 1 && performance.now() - sentAt > sendEveryMs) {
          for (const kind of loops) send(kind)
          sentAt = performance.now()
        }
        return seen.holders > 1
      },
      180_000,
    )
  } finally {
    await sql.end()
  }
}
