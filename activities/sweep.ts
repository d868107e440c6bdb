import { makePartitions } from '@/db/definer'
import { sweepRuns, tidyEngine } from '@/db/engine'
import { log } from '@/server/log'
import { mirrorBehind } from '@/server/services/schedules/mirror-schedule'
import { nudgeRun } from '@/server/temporal/nudge'

const everyMs = 2_000
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

  async function sweep(): Promise<void> {
    const found = await sweepRuns()
    sweptAt = performance.now()
    for (const { runId, reason } of found) {
      if (stopped) return
      log.info('a run that nobody moved is woken', { runId, reason })
      if (!(await nudgeRun(runId))) break
    }
    if (isTime('mirror', mirrorEveryMs)) await mirrorBehind()
    if (isTime('tidy', tidyEveryMs)) await tidyEngine()
    if (isTime('partitions', partitionsEveryMs)) await makePartitions(3)
  }

  const next = () => {
    timer = setTimeout(() => {
      round = sweep()
        .catch((error) => log.warn('the sweep failed; it goes on', { error }))
        .finally(() => {
          if (!stopped) next()
        })
    }, everyMs)
  }
  next()
  return {
    sweptMsAgo: () => performance.now() - sweptAt,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await round
    },
  }
}
