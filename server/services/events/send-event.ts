import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, visibleProjects } from '@/server/auth/caller'
import { nudgeRun } from '@/server/temporal/nudge'
import type { sendEventInput } from './contract'

const mostRuns = 10_000
const atOnce = 10

/** Ends the wait of every run that waits for this name and key, in the projects where the caller may start runs. */
export async function sendEvent(caller: Caller, input: z.infer<typeof sendEventInput>): Promise<{ runIds: string[] }> {
  const { organizationId } = caller
  const { name, key } = input
  const result = JSON.stringify({ name, key, data: input.data ?? null, at: new Date().toISOString() })
  const where = visibleProjects(caller, 'run.start')
  const only = 'only' in where ? projects(where.only) : sql`null::uuid[]`
  const except = 'except' in where && where.except.length > 0 ? projects(where.except) : sql`null::uuid[]`
  const runIds = await inOrganization(organizationId, async (tx) => {
    const [row] = await tx.execute<{ runs: string[] }>(sql`
      select engine_tell_event(${toUuid(organizationId, 'org')}, ${name}, ${key}, ${result}::text::jsonb, ${only}, ${except}, ${mostRuns}::integer) as runs`)
    return row?.runs ?? []
  })
  for (let from = 0; from < runIds.length; from += atOnce) {
    const woken = await Promise.all(runIds.slice(from, from + atOnce).map(nudgeRun))
    // Temporal is away: the sweep finds the rest.
    if (!woken.some(Boolean)) break
  }
  return { runIds }
}

function projects(ids: readonly string[]): SQL {
  return sql`string_to_array(${ids.map((id) => toUuid(id, 'prj')).join(',')}, ',')::uuid[]`
}
