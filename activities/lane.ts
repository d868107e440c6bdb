import { type TakenRun, takeRun } from '@/db/engine'
import { runsOf } from '@/db/lane'
import { log } from '@/server/log'
import { startAcceptBell } from './accept-bell'
import type { Advancer } from './advance'
import type { Hands } from './hands'
import type { Holder } from './holder'
import type { Turns } from './turns'
import { isConnectionError } from './while-away'

export interface Lane {
  /** Claims nothing any more; what is in hand goes on. */
  stop(): Promise<void>
  /** Resolves when nothing is in hand and everything that was handed over was told to Temporal, or could not be. */
  ended(): Promise<void>
}

export interface LaneLimits {
  /** Runs in hand, most of which wait for an answer from outside. */
  inFlight: number
  /** Runs that compute at once: more would only wait for one another. */
  busy: number
  /** Runs that stand as this lane's above which no others are handed to it as they come. */
  handed: number
}

const defaults: LaneLimits = { inFlight: 1_000, busy: 48, handed: 96 }

/**
 * The short cut for runs that never wait: they are handed to it as they come, or claimed in batches where others wait, and driven once,
 * here; what did not end is handed over to Temporal. It takes no more than it can do. What is left stays accepted, and people see it so.
 */
export function startLane(
  parts: { advancer: Advancer; hands: Hands; holder: Holder; turns: Turns },
  limits: LaneLimits = defaults,
  openBell: typeof startAcceptBell = startAcceptBell,
): Lane {
  const { advancer, hands, holder, turns } = parts
  const riding = new Set<Promise<void>>()
  let closed = false
  let looking = false
  let again = false
  /** There was more than was taken, or no room to look. */
  let left = false
  let lost = true
  /** An answer of the database was lost: runs may stand as ours that nobody drives. */
  let fallen = false
  let after: string | null = null
  /** Handed over while a run executes by itself. */
  const later: (TakenRun | string)[] = []
  /** Ours by the database, and nobody drives them: heard of in a moment, or never. */
  let idle: ReadonlySet<string> = new Set()

  const mayRide = () => !closed && hands.isOpen && holder.mayStart()
  const room = (ending = 0) => ending + Math.min(limits.inFlight - Math.max(hands.size, riding.size), limits.busy - hands.busy)

  async function look(): Promise<void> {
    if (looking) {
      again = true
      return
    }
    looking = true
    try {
      do {
        again = false
        if (!mayRide()) return
        for (const run of later.splice(0)) await take(run)
        if (fallen) await pickUp()
        left = room() <= 0
        if (left) return
        const claimed = await turns.claim({ limit: room, after, lost })
        lost = false
        left = claimed.more
        after = claimed.runs.at(-1)?.organizationId ?? after
        for (const run of claimed.runs) ride(run)
      } while (again || left)
    } catch (error) {
      fallen = true
      if (isConnectionError(error)) log.debug('the lane cannot reach the database', { error })
      else log.error('the lane could not claim runs; it tries again', { error })
    } finally {
      looking = false
    }
  }

  async function pickUp(): Promise<void> {
    for (const runId of await runsOf(holder.id)) if (!hands.has(runId)) await take(runId)
    fallen = false
  }

  async function take(run: TakenRun | string): Promise<void> {
    if (typeof run !== 'string') {
      if (!hands.has(run.runId)) ride(run)
      return
    }
    const taken = await takeRun(run, holder.id)
    if (taken.outcome === 'taken') ride(taken)
  }

  function takeHanded(run: TakenRun | string): void {
    if (mayRide() && typeof run !== 'string') {
      void take(run)
      return
    }
    later.push(run)
    left = true
    void look()
  }

  function compare(held: readonly string[] | null): boolean {
    const now = new Set(held?.filter((runId) => !hands.has(runId)) ?? idle)
    const unheard = held !== null && mayRide() && [...now].some((runId) => idle.has(runId))
    fallen ||= unheard || held === null
    idle = unheard ? new Set() : now
    if (fallen) void look()
    return !unheard
  }

  function ride(run: TakenRun): void {
    const ended: Promise<void> = advancer.ride(run).then((settled) => {
      riding.delete(ended)
      fallen ||= !settled
      if (left) void look()
    })
    riding.add(ended)
  }

  hands.onRoom(() => {
    if (left && !looking) void look()
  })
  const bell = openBell(
    (tick) => {
      lost ||= tick
      void look()
    },
    { holderId: holder.id, room: limits.handed, take: takeHanded, held: compare },
  )
  return {
    async stop() {
      closed = true
      await bell.stop()
    },
    async ended() {
      while (riding.size > 0) await Promise.all(riding)
    },
  }
}
