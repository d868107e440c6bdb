import { makePartitions } from '@/db/definer'
import { sweepLinks, sweepRuns, tidyEngine, tidyKept } from '@/db/engine'
import { log } from '@/server/log'
import { mirrorBehind } from '@/server/services/schedules/mirror-schedule'
import { nudgeRun } from '@/server/temporal/nudge'
import { wakeLinked } from './wake-linked'

const everyMs = 2_000
const soonMs = 250
const aTick = 50
const atOnce = 10
const tidyEveryMs = 60_000
const mirrorEveryMs = 15_000
const partitionsEveryMs = 3_600_000

export interface Sweep {
  /** When it last worked, for health. */
  sweptMsAgo(): number
  stop(): Promise<void>
}

/** Every worker looks every two seconds, one at a time, for runs that could move and do not, and wakes them. */
export function startSweep(): Sweep {
  let stopped = false
  let timer: NodeJS.Timeout
  let round: Promise<void> = Promise.resolve()
  let sweptAt = performance.now()
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
    for (let from = 0; from < found.length && !stopped; from += atOnce) {
      const woken = await Promise.all(
        found.slice(from, from + atOnce).map(({ runId, reason }) => {
          log.info('a run that nobody moved is woken', { runId, reason })
          return nudgeRun(runId)
        }),
      )
      // Temporal is away: what is left is found again.
      if (!woken.some(Boolean)) break
    }
    await wakeLinked(await sweepLinks(aTick))
    if (isTime('mirror', mirrorEveryMs)) await mirrorBehind()
    if (isTime('tidy', tidyEveryMs)) {
      await tidyEngine()
      await tidyKept()
    }
    if (isTime('partitions', partitionsEveryMs)) await makePartitions(3)
    return found.length >= aTick
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
    },
  }
}
