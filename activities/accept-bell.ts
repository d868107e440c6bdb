import postgres, { type Sql } from 'postgres'
import type { TakenRun } from '@/db/engine'
import { handedFrom, laneChannel, tendLane } from '@/db/lane'
import { config } from '@/server/config'
import { log } from '@/server/log'

const lookEveryMs = 1_000
const retryMs = 1_000
const closeMs = 1_000

/** What a lane hears besides. */
export interface HandedRuns {
  holderId: string
  /** Runs that may stand as the lane's before no further ones are handed to it. */
  room: number
  /** A run that was taken for this lane already; its id alone where it was too large to be told. */
  take(run: TakenRun | string): void
  /** Every run that stands as this lane's, each second. */
  held(runIds: readonly string[]): void
}

/**
 * Calls `ring` when runs were accepted, and every second, because a notification may be lost. `tick` is true for the latter.
 */
export function startAcceptBell(ring: (tick: boolean) => void, handed?: HandedRuns): { stop(): Promise<void> } {
  let stopped = false
  let sql: Sql | null = null
  let retry: NodeJS.Timeout | undefined
  const listen = () => {
    if (stopped) return
    const connection = postgres(config().databaseWorkerUrl, {
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      keep_alive: 15,
      connection: { application_name: 'millrace-lane' },
      onnotice: () => {},
    })
    sql = connection
    const ears = [
      connection.listen(
        'millrace_lane',
        () => ring(false),
        () => ring(false),
      ),
    ]
    if (handed) {
      const { holderId, take } = handed
      ears.push(connection.listen(laneChannel(holderId), (payload) => take(handedFrom(payload))))
    }
    Promise.all(ears)
      .then(() => tend())
      .catch((error) => {
        log.debug('listening for accepted runs failed', { error })
        void connection.end({ timeout: 1 }).catch(() => {})
        if (sql === connection) sql = null
        if (!stopped) retry = setTimeout(listen, retryMs)
      })
  }
  const tend = async () => {
    if (!handed || !sql || stopped) return
    await tendLane(handed.holderId, handed.room, sql).then(handed.held, (error) => log.debug('the lane could not be tended', { error }))
  }
  listen()
  const timer = setInterval(() => {
    void tend()
    ring(true)
  }, lookEveryMs)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      clearTimeout(retry)
      if (!sql) return
      if (handed) {
        const closing = tendLane(handed.holderId, 0, sql).catch((error) => log.debug('the lane could not be closed', { error }))
        await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, closeMs))])
      }
      await sql.end({ timeout: 1 }).catch(() => {})
    },
  }
}
