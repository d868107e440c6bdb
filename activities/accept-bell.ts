import postgres, { type Sql } from 'postgres'
import { config } from '@/server/config'
import { log } from '@/server/log'

const lookEveryMs = 1_000
const retryMs = 1_000

/**
 * Calls `ring` when runs were accepted, and every second, because a notification may be lost. `tick` is true for the latter.
 */
export function startAcceptBell(ring: (tick: boolean) => void): { stop(): Promise<void> } {
  let stopped = false
  let sql: Sql | null = null
  let retry: NodeJS.Timeout | undefined
  const listen = () => {
    if (stopped) return
    const connection = postgres(config().databaseWorkerUrl, {
      max: 1,
      idle_timeout: 0,
      keep_alive: 15,
      connection: { application_name: 'millrace-lane' },
      onnotice: () => {},
    })
    sql = connection
    connection
      .listen(
        'millrace_lane',
        () => ring(false),
        () => ring(false),
      )
      .catch((error) => {
        log.debug('listening for accepted runs failed', { error })
        void connection.end({ timeout: 1 }).catch(() => {})
        if (!stopped) retry = setTimeout(listen, retryMs)
      })
  }
  listen()
  const timer = setInterval(() => ring(true), lookEveryMs)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      clearTimeout(retry)
      await sql?.end({ timeout: 1 }).catch(() => {})
    },
  }
}
