import { markNotDriven, runsToStart } from '@/db/lane'
import { log } from '@/server/log'
import { nudgeRun } from '@/server/temporal/nudge'
import { startAcceptBell } from './accept-bell'

const atOnce = 20

/** Without a lane: every accepted run is started in Temporal as soon as a worker hears of it. */
export function startEagerStarts(): { stop(): Promise<void>; ended(): Promise<void> } {
  let closed = false
  let looking = false
  let again = false
  let round: Promise<void> = Promise.resolve()

  async function look(): Promise<void> {
    again = true
    looking = true
    try {
      while (again && !closed) {
        again = false
        const runIds = await runsToStart(atOnce)
        const started = await Promise.all(runIds.map(nudgeRun))
        const failed = runIds.filter((_, index) => !started[index])
        await markNotDriven(failed)
        // Temporal is away: the next second is soon enough.
        again ||= runIds.length === atOnce && failed.length === 0
      }
    } catch (error) {
      log.debug('accepted runs could not be started; the next second is tried again', { error })
    } finally {
      looking = false
    }
  }

  const bell = startAcceptBell(() => {
    if (looking) again = true
    else round = look()
  })
  return {
    async stop() {
      closed = true
      await bell.stop()
    },
    ended: () => round,
  }
}
