import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json'

export interface ChainedEvent {
  organizationId: string
  id: string
  seq: number
  at: Date
  actorKind: string
  actorId: string | null
  action: string
  targetKind: string
  targetId: string | null
  detail: unknown
  requestId: string | null
}

/** Before the first event of an organization. */
export const firstHash = Buffer.alloc(32)

/** sha256(previous || canonical event): each event vouches for all before it. */
export function hashEvent(previous: Uint8Array, event: ChainedEvent): Buffer {
  const { organizationId, id, seq, at, actorKind, actorId, action, targetKind, targetId, detail, requestId } = event
  return createHash('sha256')
    .update(previous)
    .update(canonicalJson([organizationId, id, seq, at.toISOString(), actorKind, actorId, action, targetKind, targetId, detail, requestId]))
    .digest()
}
