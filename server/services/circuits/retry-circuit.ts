import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { inOrganization } from '@/db/client'
import { toUuid } from '@/db/ids'
import { type Caller, forbidden } from '@/server/auth/caller'
import { recordAudit } from '@/server/services/audit/record-audit'
import { notFound } from '@/server/services/service-error'
import type { circuitTarget } from './contract'
import { findCircuits } from './list-circuits'
import { tryCircuits } from './try-circuits'

/** One of the calls that are held back tries at once; when it works the others follow. */
export function retryCircuit(caller: Caller, input: z.infer<typeof circuitTarget>): Promise<{ ok: true }> {
  const { organizationId } = caller
  return inOrganization(organizationId, async (tx) => {
    const [circuit] = await findCircuits(tx, caller, sql`k.id = ${toUuid(input.circuitId, 'circ')}::uuid`, 1)
    if (!circuit) throw notFound('circuit')
    if (!circuit.canRetry) throw forbidden(caller, 'deadletter.resolve')
    await tryCircuits(tx, organizationId, { circuitId: circuit.id })
    await recordAudit(tx, {
      by: caller,
      action: 'circuit.retry',
      target: { kind: 'circuit', id: circuit.id, name: circuit.host },
      detail: { credential: circuit.credential?.name ?? null, waitingRuns: circuit.waitingRuns },
    })
    return { ok: true }
  })
}
