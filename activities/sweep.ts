import { remind } from '@/db/alerts'
import { sweepChunks } from '@/db/chunks'
import { turnCircuits } from '@/db/circuits'
import { makePartitions } from '@/db/definer'
import { sweepLinks, sweepRuns, tidyEngine } from '@/db/engine'
import { dropMonths, startDue, tidyBlobs, tidyKept } from '@/db/upkeep'
import { log } from '@/server/log'
import { knownCircuits } from '@/server/powers/circuits'
import { sendAlerts } from '@/server/services/alerts/send-alerts'
import { mirrorBehind } from '@/server/services/schedules/mirror-schedule'
import { nudgeRun } from '@/server/temporal/nudge'
import { limits } from '@/workflows/limits'
import type { Notices } from './notices'
import { createNudgeMemory } from './nudge-memory'
import { wakeLinked } from './wake-linked'

const everyMs = 2_000
const soonMs = 250
const aTick = 50
const atOnce = 10
const tidyEveryMs = 60_000
/** Recovery must not wait longer than this behind retention, which goes on in the next round. */
const tidyForMs = 500
const aBatch = 500
const mirrorEveryMs = 15_000
const partitionsEveryMs = 3_600_000

export interface Sweep {
  /** When it last worked, for health. */
  sweptMsAgo(): number
  stop(): Promise<void>
}

/** Every worker looks every two seconds, one at a time, for runs that could move and do not, and wakes them. */
export function startSweep(notices: Notices): Sweep {
  let stopped = false
  let timer: NodeJS.Timeout
  let round: Promise<void> = Promise.resolve()
  let sending: Promise<void> | null = null
  const leaving = new AbortController()
  let sweptAt = performance.now()
  const memory = createNudgeMemory()
  const last = { tidy: performance.now(), mirror: Number.NEGATIVE_INFINITY, partitions: performance.now() }
  const isTime = (what: keyof typeof last, ms: number) => {
    if (performance.now() - last[what] < ms) return false
    last[what] = performance.now()
    return true
  }

  /** Answers whether there may be more. */
  async function sweep(): Promise<boolean> {
    const found = await sweepRuns(aTick)
    sweptAt = performance.now()
    const toTell = found.filter(({ runId, reason }) => memory.isTime(runId, reason))
    for (let from = 0; from < toTell.length && !stopped; from += atOnce) {
      const woken = await Promise.all(
        toTell.slice(from, from + atOnce).map(async ({ runId, reason }) => {
          log.info('a run that nobody moved is woken', { runId, reason })
          const isTold = await nudgeRun(runId)
          if (isTold) memory.told(runId, reason)
          return isTold
        }),
      )
      // Temporal is away: what is left is found again.
      if (!woken.some(Boolean)) break
    }
    await wakeLinked([...(await sweepLinks(aTick)), ...(await sweepChunks(aTick))])
    await startDue()
    await turn()
    for (const { organizationId, ...news } of await remind()) notices.told(organizationId, [news])
    send()
    if (isTime('mirror', mirrorEveryMs)) await mirrorBehind()
    if (isTime('tidy', tidyEveryMs)) {
      memory.tidy()
      await tidyEngine()
      await tidyBlobs()
      if (await tidyRuns()) last.tidy -= tidyEveryMs
    }
    if (isTime('partitions', partitionsEveryMs)) {
      await makePartitions(3)
      const dropped = await dropMonths()
      if (dropped > 0) log.info('months whose runs had their days were dropped', { count: dropped })
    }
    return found.length >= aTick
  }

  /** Answers whether there may be more. */
  async function tidyRuns(): Promise<boolean> {
    const end = performance.now() + tidyForMs
    do {
      if ((await tidyKept(aBatch)) < aBatch) return false
    } while (!stopped && performance.now() < end)
    return !stopped
  }

  /** Beside the sweep: whoever is slow to take an alert holds up nothing. */
  function send(): void {
    sending ??= sendAlerts(leaving.signal)
      .catch((error) => log.warn('alerts could not be sent; they are sent again', { error }))
      .then(() => {
        sending = null
      })
  }

  /** Runs go on whose circuit closed, a few at a time. */
  async function turn(): Promise<void> {
    const { circuits, wake, told } = await turnCircuits({
      first: limits.circuitReturnFirst,
      most: limits.circuitReturnMost,
      forgetMs: limits.circuitForgetMs,
    })
    knownCircuits(circuits)
    for (const { organizationId, ...news } of told) notices.told(organizationId, [news])
    for (let from = 0; from < wake.length; from += atOnce) await Promise.all(wake.slice(from, from + atOnce).map(nudgeRun))
  }

  const next = (ms: number) => {
    timer = setTimeout(() => {
      round = sweep()
        .catch((error) => {
          log.warn('the sweep failed; it goes on', { error })
          return false
        })
        .then((more) => {
          if (!stopped) next(more ? soonMs : everyMs)
        })
    }, ms)
  }
  next(everyMs)
  return {
    sweptMsAgo: () => performance.now() - sweptAt,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await round
      leaving.abort(new Error('shutdown'))
      await sending
    },
  }
}
