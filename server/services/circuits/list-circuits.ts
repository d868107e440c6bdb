import { type SQL, sql } from 'drizzle-orm'
import { inOrganization, type Transaction } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, can, visibleProjects } from '@/server/auth/caller'
import { visibleCredentials } from '@/server/services/credentials/list-credentials'
import { idFrom, idOrNull, numberFrom, rowsOf, textOrNull, timeFrom, timeOrNull } from '@/server/services/rows'
import type { CircuitItem } from './contract'

const most = 200

export async function listCircuits(caller: Caller): Promise<{ items: CircuitItem[] }> {
  return { items: await inOrganization(caller.organizationId, (tx) => findCircuits(tx, caller)) }
}

/** Those with a credential that the caller sees; those without one for members of the whole organization. */
export async function findCircuits(tx: Transaction, caller: Caller, only: SQL = sql`true`, limit = most): Promise<CircuitItem[]> {
  const org = toUuid(caller.organizationId, 'org')
  const everywhere = 'except' in visibleProjects(caller, 'credential.read')
  const rows = await rowsOf(
    tx,
    sql`
    select k.id, k.host, k.state, k.kind, k.failures, k.last_error ->> 'message' as message, coalesce(k.opened_at, k.failed_at) as since,
      case k.state when 'probing' then k.probe_until when 'open' then k.try_at end as try_at, k.credential_id, c.name as credential_name, c.project_id,
      (select count(distinct w.run_id) from circuit_waits w join live_runs l on l.run_id = w.run_id
        where w.organization_id = ${org} and w.circuit_id = k.id) as waiting
    from circuits k left join credentials c on c.organization_id = ${org} and c.id = k.credential_id
    where k.organization_id = ${org} and k.state <> 'counting' and ${only}
      and ((k.credential_id is null and ${everywhere}::boolean) or (k.credential_id is not null and ${visibleCredentials(caller)}))
    order by k.opened_at desc nulls last limit ${limit}::integer`,
  )
  return rows.map((row) => {
    const credentialId = idOrNull('cred', row.credential_id)
    return {
      id: idFrom('circ', row.id),
      host: String(row.host),
      credential: credentialId ? { id: credentialId, name: textOrNull(row.credential_name) ?? '' } : null,
      state: row.state as CircuitItem['state'],
      refused: row.kind === 'unauthorized',
      failures: numberFrom(row.failures),
      message: textOrNull(row.message) ?? '',
      since: timeFrom(row.since),
      tryAt: timeOrNull(row.try_at),
      waitingRuns: numberFrom(row.waiting),
      canRetry: can(caller, 'deadletter.resolve', idOrNull('prj', row.project_id)),
    }
  })
}
