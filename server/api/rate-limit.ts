import type { ServerResponse } from 'node:http'
import { ServiceError } from '@/server/services/service-error'

export interface RateLimit {
  name: string
  calls: number
  seconds: number
}
export interface RateState {
  limit: RateLimit
  remaining: number
  /** Seconds until all calls are free again. */
  resetSeconds: number
  refused: boolean
}

/** Calls a span, per key; in this process only, so several web processes allow as many times more. */
export const rateLimits = {
  read: { name: 'read', calls: 1200, seconds: 60 },
  write: { name: 'write', calls: 600, seconds: 60 },
  /** A run a call. */
  start: { name: 'start', calls: 6000, seconds: 60 },
  public: { name: 'public', calls: 60, seconds: 60 },
  /** Wrong keys from one address; those above are refused as such. */
  wrongKey: { name: 'wrong-key', calls: 60, seconds: 60 },
  /** From here on no key of this address is looked up. */
  wrongKeys: { name: 'wrong-keys', calls: 600, seconds: 60 },
  hook: { name: 'hook', calls: 20_000, seconds: 10 },
  unknownHook: { name: 'unknown-hook', calls: 60, seconds: 60 },
} as const satisfies Record<string, RateLimit>

const windows = new Map<string, { used: number; ends: number }>()

/** What is left, without counting a call. */
export function lookAtCalls(limit: RateLimit, key: string, now = Date.now()): RateState {
  const window = windows.get(`${limit.name}\n${key}`)
  return stateOf(limit, window && window.ends > now ? window : { used: 0, ends: now + limit.seconds * 1000 }, now)
}

/** Counts one call in a window that begins with the first. */
export function countCall(limit: RateLimit, key: string, now = Date.now()): RateState {
  const id = `${limit.name}\n${key}`
  let window = windows.get(id)
  if (!window || window.ends <= now) {
    if (windows.size > 50_000) forgetEnded(now)
    window = { used: 0, ends: now + limit.seconds * 1000 }
    windows.set(id, window)
  }
  window.used += 1
  return stateOf(limit, window, now)
}

function stateOf(limit: RateLimit, window: { used: number; ends: number }, now: number): RateState {
  return {
    limit,
    remaining: Math.max(0, limit.calls - window.used),
    resetSeconds: Math.ceil((window.ends - now) / 1000),
    refused: window.used > limit.calls,
  }
}

export function requireCall(state: RateState): void {
  if (!state.refused) return
  throw new ServiceError('TOO_MANY_REQUESTS', `More than ${state.limit.calls} calls in ${state.limit.seconds} seconds.`, {
    limit: state.limit.calls,
    retryAfterSeconds: state.resetSeconds,
    hint: `Wait ${state.resetSeconds} seconds, then go on.`,
  })
}

export function writeRateHeaders(response: ServerResponse, state: RateState): void {
  response.setHeader('RateLimit-Policy', `"${state.limit.name}";q=${state.limit.calls};w=${state.limit.seconds}`)
  response.setHeader('RateLimit', `"${state.limit.name}";r=${state.remaining};t=${state.resetSeconds}`)
}

function forgetEnded(now: number): void {
  for (const [id, window] of windows) if (window.ends <= now) windows.delete(id)
}
