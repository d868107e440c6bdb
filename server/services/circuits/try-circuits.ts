import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { fromUuid, toUuid } from '@/db/ids'
import { announce } from '@/server/realtime/announce'

/**
 * Lets one call of each try at once, whatever it waits for: the workers see it within two seconds. Where no run waits, the circuit is closed
 * and the next call that comes is counted anew. Answers which they were.
 */
export async function tryCircuits(
  tx: Transaction,
  organizationId: string,
  which: { circuitId: string } | { credentialId: string },
): Promise<string[]> {
  const organization = toUuid(organizationId, 'org')
  const chosen: SQL =
    'circuitId' in which
      ? sql`c.id = ${toUuid(which.circuitId, 'circ')}::uuid`
      : sql`c.credential_id = ${toUuid(which.credentialId, 'cred')}::uuid`
  const closed =
    await tx.execute(sql`delete from circuits c where c.organization_id = ${organization}::uuid and ${chosen} and c.state <> 'returning'
    and not exists (select from circuit_waits w where w.organization_id = ${organization}::uuid and w.circuit_id = c.id) returning c.id`)
  const tried = await tx.execute(sql`update circuits c set state = 'open', try_at = now(), probe_until = null, release_at = null
    where c.organization_id = ${organization}::uuid and ${chosen} and c.state in ('open', 'probing') returning c.id`)
  const ids = [...closed, ...tried].map((row) => fromUuid('circ', String(row.id)))
  if (ids.length > 0) await announce(tx, organizationId, 'circuit', ids)
  return ids
}

/** What waits for this credential goes on, a few at a time: where it called there is nothing to be tried any more. */
export async function letCircuitsGo(tx: Transaction, organizationId: string, credentialId: string): Promise<void> {
  await tx.execute(sql`update circuits set state = 'returning', try_at = null, probe_until = null, released = 0, release_at = null
    where organization_id = ${toUuid(organizationId, 'org')}::uuid and credential_id = ${toUuid(credentialId, 'cred')}::uuid and state in ('open', 'probing')`)
}
