import postgres, { type Sql } from 'postgres'
import { createPool, type Pool } from '@/db/client'
import type { TakenRun } from '@/db/engine'
import { handedFrom, laneChannel, tendLane } from '@/db/lane'
import { config } from '@/server/config'
import { log } from '@/server/log'

const lookEveryMs = 1_000
const retryMs = 1_000
/** A lane that hears nothing for longer is not handed anything; its line is tried anew. */
const tendWithinMs = 2_500

/** What a lane hears besides. */
export interface HandedRuns {
  holderId: string
  /** Runs that may stand as the lane's before no further ones are handed to it. */
  room: number
  /** A run that was taken for this lane already; its id alone where it was too large to be told. */
  take(run: TakenRun | string): void
  /** Every run that stands as this lane's, each second; null when that is not known. False when some of them were not heard of. */
  held(runIds: readonly string[] | null): boolean
}

/**
 * Calls `ring` when runs were accepted, and every second, because a notification may be lost. `tick` is true for the latter.
 */
export function startAcceptBell(ring: (tick: boolean) => void, handed?: HandedRuns): { stop(): Promise<void> } {
  let stopped = false
  let ears: Sql | null = null
  let retry: NodeJS.Timeout | undefined
  let tended: Pool | null = null
  const listen = () => {
    if (stopped) return
    const connection = postgres(config().databaseWorkerUrl, {
      max: 1,
      idle_timeout: 0,
      keep_alive: 15,
      connection: { application_name: 'millrace-lane' },
      onnotice: () => {},
    })
    ears = connection
    const listening = [
      connection.listen(
        'millrace_lane',
        () => ring(false),
        () => ring(false),
      ),
    ]
    if (handed) listening.push(connection.listen(laneChannel(handed.holderId), (payload) => handed.take(handedFrom(payload))))
    Promise.all(listening)
      .then(() => tend())
      .catch((error) => {
        log.debug('listening for accepted runs failed', { error })
        void connection.end({ timeout: 1 }).catch(() => {})
        if (ears !== connection) return
        ears = null
        if (!stopped) retry = setTimeout(listen, retryMs)
      })
  }
  const tend = async () => {
    if (!handed || stopped) return
    tended ??= createPool(config().databaseWorkerUrl, { max: 1, name: 'millrace-tended', answersWithinMs: tendWithinMs })
    const held = await tendLane(handed.holderId, ears ? handed.room : 0, tended).catch((error) => {
      log.debug('the lane could not be tended', { error })
      return null
    })
    if (handed.held(held) || stopped || !ears) return
    // What was handed was not heard of: the line may be dead without knowing it.
    log.warn('the lane did not hear of runs that were handed to it; it listens anew')
    const deaf = ears
    listen()
    await deaf.end({ timeout: 1 }).catch(() => {})
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
      if (handed && tended) {
        await tendLane(handed.holderId, 0, tended).catch((error) => log.debug('the lane could not be closed', { error }))
        await tended.$client.end({ timeout: 1 }).catch(() => {})
      }
      await ears?.end({ timeout: 1 }).catch(() => {})
    },
  }
}
