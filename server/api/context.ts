import type { Caller } from '@/server/auth/caller'
import type { Viewer } from '@/server/auth/get-viewer'

export interface Context {
  requestId: string
  address: string | null
  /** The signed-in person by session cookie, or null; looked up once a request. */
  viewer(): Promise<Viewer | null>
  /** Who calls in which organization; throws UNAUTHORIZED, or NOT_FOUND for an organization that is not theirs. */
  caller(): Promise<Caller>
  /** Counts the call against the limits of the key or person and this route; throws TOO_MANY_REQUESTS. */
  limit(caller: Caller): void
  /** The Idempotency-Key header of a REST call. */
  idempotencyKey: string | null
  agent: string | null
}
export interface OrganizationContext extends Context {
  organization: Caller
}
