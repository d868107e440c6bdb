import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { numberFrom, numberOrNull, rowsOf } from '@/server/services/rows'
import { definitionOf } from '@/workflows/graph/catalogue'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { RunProgress } from './contract'

/** More than any loop has items. */
const beyond = 131_072

/**
 * How far the steps are that are made of others: an agent's turns, a loop's items or rounds, of the steps that stand in no other. Found by
 * halving between what is there and what is not, a probe of the key each, however long the loop is; `of` is null where no end is known.
 */
export async function progressOf(tx: Transaction, organizationId: string, runId: string, graph: Graph): Promise<RunProgress[]> {
  const ids = graph.nodes.filter((node) => !node.parent && hasParts(node)).map((node) => node.id)
  if (ids.length === 0) return []
  const run = sql`c.organization_id = ${toUuid(organizationId, 'org')} and c.run_id = ${toUuid(runId, 'run')}`
  // What is in the part numbered n lies between `<n>` and `<n>0`: itself, its later tries and what stands in it.
  const begun = (number: ReturnType<typeof sql>) => sql`exists (select from run_steps c
    where ${run} and c.path >= p.prefix || ${number} and c.path < p.prefix || ${number} || '0')`
  const rows = await rowsOf(
    tx,
    sql`with recursive p as materialized (
        select c.path, c.seq, c.input ? 'maxTurns' as agent, c.input ? 'items' as loop,
          coalesce(c.input ->> 'items', c.input ->> 'maxTurns', c.input ->> 'limit') as most,
          c.path || case when c.input ? 'maxTurns' then '/turn.' else '/' end as prefix, (c.input ? 'maxTurns')::integer as first
        from run_steps c
        where ${run} and c.path = any (array[${sql.join(
          ids.map((id) => sql`${id}`),
          sql`, `,
        )}]::text[]) and c.status = 'started' and c.input is not null
          and not exists (select from run_chunks k where k.organization_id = c.organization_id and k.run_id = c.run_id and k.path = c.path)
        order by c.seq limit 10
      ), halves (path, low, high) as (
        select p.path, p.first, ${beyond}::integer from p where ${begun(sql`p.first`)}
        union all
        select h.path, case when m.begun then m.middle else h.low end, case when m.begun then h.high else m.middle end
        from halves h join p on p.path = h.path
          cross join lateral (select (h.low + h.high) / 2 as middle, ${begun(sql`((h.low + h.high) / 2)`)} as begun) m
        where h.high - h.low > 1
      )
      select p.path, p.agent, p.loop, p.most, h.low + 1 - p.first as at from p join halves h on h.path = p.path and h.high - h.low = 1
      order by p.seq`,
  )
  return rows.map((row) => ({
    path: String(row.path),
    unit: row.agent === true ? 'turn' : row.loop === true ? 'item' : 'round',
    at: numberFrom(row.at),
    of: numberOrNull(row.most),
  }))
}

function hasParts(node: GraphNode): boolean {
  if (node.settings.each) return true
  const definition = definitionOf(node, catalogue)
  return definition?.kind === 'control' && (definition.body !== undefined || definition.control === 'agent')
}
