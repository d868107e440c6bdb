import type { Client } from '@temporalio/client'
import { markNotDriven, runsToStart } from '@/db/lane'
import { log } from '@/server/log'
import { nudgeRun, startRunHere } from '@/server/temporal/nudge'
import { startAcceptBell } from './accept-bell'

const atOnce = 20

/**
 * Without a lane: every accepted run is started in Temporal as soon as a worker hears of it. `polling` gives a client of the connection that
 * the worker takes its tasks from, while it takes any.
 */
export function startEagerStarts(polling: () => Client | null): { stop(): Promise<void>; ended(): Promise<void> } {
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
        const client = polling()
        const started = await Promise.all(runIds.map((runId) => (client ? startRunHere(runId, client) : nudgeRun(runId))))
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
