import type { IncomingHttpHeaders } from 'node:http'
import { organizationsOf } from '@/db/definer'
import { addressBlock } from '@/server/auth/address'
import type { Caller } from '@/server/auth/caller'
import { callerOfApiKey, callerOfViewer } from '@/server/auth/caller-of'
import { getViewer, type Viewer } from '@/server/auth/get-viewer'
import { notFound, ServiceError } from '@/server/services/service-error'
import { countCall, lookAtCalls, type RateState, rateLimits, requireCall } from './rate-limit'

export interface Context {
  requestId: string
  address: string | null
  /** The signed-in person by session cookie, or null; looked up once a request. */
  viewer(): Promise<Viewer | null>
  /** Who calls in which organization; throws UNAUTHORIZED, or NOT_FOUND for an organization that is not theirs. */
  caller(): Promise<Caller>
  /** Counts the call against the limits of the key or person and this procedure; throws TOO_MANY_REQUESTS. */
  count(procedure: string, kind: 'query' | 'mutation' | 'subscription', caller: Pick<Caller, 'apiKeyId' | 'userId'> | null): void
  /** What the last count left, for headers. */
  rate: RateState | null
  agent: string | null
}
export interface OrganizationContext extends Context {
  organization: Caller
}

/** Bytes that are read of somebody who is not known: sign-in, set-up and invitations need far less. */
export const strangerBytes = 64 * 1024

/**
 * Whether what was sent is read: of whoever is not known, only where it is small. Checking megabytes of JSON takes long enough for a
 * stranger to keep this process busy.
 */
export async function mayRead(context: Context, headers: IncomingHttpHeaders): Promise<boolean> {
  const isSmall = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= strangerBytes
  if (isSmall) return true
  if ((await context.viewer()) !== null) return true
  if (headers.authorization === undefined) return false
  return context.caller().then(
    () => true,
    (error: unknown) => {
      if (error instanceof ServiceError) return false
      throw error
    },
  )
}

export interface RequestFacts {
  headers: IncomingHttpHeaders
  requestId: string
  address: string | null
  /** Of a WebSocket, which cannot send headers. */
  organizationId?: string | null
}

export function createContext({ headers, requestId, address, organizationId }: RequestFacts): Context {
  const mark = { address, requestId }
  const authorization = headers.authorization
  let viewer: Promise<Viewer | null> | null = null
  let caller: Promise<Caller> | null = null
  const context: Context = {
    requestId,
    address,
    agent: headers['user-agent']?.slice(0, 300) ?? null,
    rate: null,
    viewer() {
      // A request that shows a key is the key's, whatever cookies came along.
      viewer ??= authorization ? Promise.resolve(null) : getViewer(headersOf(headers))
      return viewer
    },
    caller() {
      caller ??= findCaller()
      return caller
    },
    count(procedure, kind, who) {
      const key = who ? (who.apiKeyId ?? who.userId) : addressBlock(address)
      const limit =
        who === null
          ? rateLimits.public
          : procedure === 'runs.start'
            ? rateLimits.start
            : kind === 'mutation'
              ? rateLimits.write
              : rateLimits.read
      context.rate = countCall(limit, `${key}\n${procedure}`)
      requireCall(context.rate)
    },
  }

  async function findCaller(): Promise<Caller> {
    const wanted = organizationId ?? one(headers['x-millrace-organization'])
    if (authorization) {
      const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1]
      const found = token && mayTry() ? await callerOfApiKey(token, mark) : null
      if (!found) {
        countWrongKey()
        throw new ServiceError('UNAUTHORIZED', 'This API key is not valid: unknown, revoked or expired.', {
          hint: 'Send a valid one: Authorization: Bearer mr_….',
        })
      }
      if (wanted && wanted !== found.organizationId) throw notFound('organization')
      return found
    }
    const person = await context.viewer()
    if (!person)
      throw new ServiceError('UNAUTHORIZED', 'You are not signed in, or your session is over.', {
        hint: 'Sign in and try again, or send an API key.',
      })
    if (wanted?.startsWith('org_')) return callerOfViewer(person, wanted, mark)
    const mine = await organizationsOf(person.user.id)
    const chosen = wanted ? mine.find((organization) => organization.slug === wanted) : mine.length === 1 ? mine[0] : undefined
    if (chosen) return callerOfViewer(person, chosen.id, mark)
    if (wanted) throw notFound('organization')
    throw new ServiceError('BAD_REQUEST', 'Say which organization is meant.', {
      hint: 'Send its id or slug in the header X-Millrace-Organization.',
    })
  }

  /** A key that is right works although others of this address were wrong, until those become a flood. */
  function mayTry(): boolean {
    return lookAtCalls(rateLimits.wrongKeys, addressBlock(address)).remaining > 0
  }
  function countWrongKey(): void {
    countCall(rateLimits.wrongKeys, addressBlock(address))
    context.rate = countCall(rateLimits.wrongKey, addressBlock(address))
    requireCall(context.rate)
  }

  return context
}

export function headersOf(headers: IncomingHttpHeaders): Headers {
  const made = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':')) continue
    if (Array.isArray(value)) for (const one of value) made.append(name, one)
    else if (value !== undefined) made.set(name, value)
  }
  return made
}

function one(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}
