import { desc, sql } from 'drizzle-orm'
import type { Transaction } from '@/db/client'
import { newId } from '@/db/ids'
import { auditEvents, auditPeople } from '@/db/schema'
import type { Caller } from '@/server/auth/caller'
import { announce } from '@/server/realtime/announce'
import type { AuditAction } from './actions'
import { firstHash, hashEvent } from './hash-event'

export interface AuditAct {
  /** Who acts; `{ organizationId, system }` where Millrace itself does, `system` naming the part, e.g. `schedule`. */
  by: Caller | { organizationId: string; system: string }
  action: AuditAction
  target: { kind: string; id: string | null; name?: string | null }
  /** Names, before and after of plain settings; never a secret, never personal data. */
  detail?: Record<string, unknown>
}

/**
 * Writes the event into the chain of the organization, in the transaction of the act itself: both or neither. Call it last in the
 * transaction: from here to the commit, other audited acts of the organization wait.
 */
export async function recordAudit(tx: Transaction, act: AuditAct): Promise<void> {
  const { organizationId } = act.by
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`millrace:audit:${organizationId}`}, 0))`)
  const [last] = await tx.select({ seq: auditEvents.seq, hash: auditEvents.hash }).from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1)
  const actor =
    'system' in act.by
      ? { actorKind: 'system' as const, actorId: act.by.system, requestId: null }
      : { actorKind: act.by.kind, actorId: act.by.apiKeyId ?? act.by.userId, requestId: act.by.requestId }
  const named = act.target.name ? { targetName: act.target.name } : {}
  const event = {
    organizationId,
    id: newId('aud'),
    seq: (last?.seq ?? 0) + 1,
    at: new Date(),
    ...actor,
    action: act.action,
    targetKind: act.target.kind,
    targetId: act.target.id,
    // As the table will hold it: what JSON cannot say is gone before the hash is taken.
    detail: storable({ ...act.detail, ...named }),
  }
  const previousHash = last?.hash ?? firstHash
  await tx.insert(auditEvents).values({ ...event, previousHash, hash: hashEvent(previousHash, event) })
  await announce(tx, organizationId, 'audit', [event.id])
  if (!('system' in act.by)) {
    await tx
      .insert(auditPeople)
      .values({ organizationId, eventId: event.id, name: act.by.name, email: act.by.email, address: act.by.address })
  }
}

function storable(detail: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(detail, (_, value) => (typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value)))
}
