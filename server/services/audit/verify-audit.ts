import { asc, gt } from 'drizzle-orm'
import { type Database, inOrganization } from '@/db/client'
import { auditEvents } from '@/db/schema'
import { firstHash, hashEvent } from './hash-event'

export interface AuditVerdict {
  ok: boolean
  checked: number
  /** Number of the first event that was changed, or follows one that is missing. */
  brokenAt: number | null
}

const pageSize = 1000

/** Recomputes the chain of an organization from its first event. */
export async function verifyAudit({ organizationId }: { organizationId: string }): Promise<AuditVerdict> {
  return inOrganization(organizationId, (tx) => verifyChain(tx))
}

async function verifyChain(db: Database): Promise<AuditVerdict> {
  let previous: Uint8Array = firstHash
  let seq = 0
  for (;;) {
    const events = await db.select().from(auditEvents).where(gt(auditEvents.seq, seq)).orderBy(asc(auditEvents.seq)).limit(pageSize)
    for (const event of events) {
      const follows = event.seq === seq + 1 && equal(event.previousHash, previous)
      if (!follows || !equal(event.hash, hashEvent(previous, event))) return { ok: false, checked: seq, brokenAt: event.seq }
      previous = event.hash
      seq = event.seq
    }
    if (events.length < pageSize) return { ok: true, checked: seq, brokenAt: null }
  }
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other)
}
