import next from 'next'
import { closeDatabases } from '@/db/client'
import { config } from '@/server/config'
import { createWebServer, type Pages } from '@/server/create-server'
import { log } from '@/server/log'
import { closeHub } from '@/server/realtime/hub'
import { closeTemporal } from '@/server/temporal/client'

const graceMs = 20_000

async function main(): Promise<void> {
  const { port, production } = config()
  let pages: Pages | null = null
  const web = createWebServer({ pages: () => pages, dev: !production })
  // Webhooks are taken before the pages are ready: they need nothing of them.
  await new Promise<void>((resolve, reject) => {
    web.server.once('error', reject)
    web.server.listen(port, resolve)
  })
  log.info('web listens', { process: 'web', port })

  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info('web stops', { process: 'web', reason: signal })
    setTimeout(() => process.exit(1), graceMs + 4_000).unref()
    await web.stop(graceMs)
    await Promise.allSettled([closeHub(), closeTemporal(), closeDatabases()])
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('unhandledRejection', (error) => log.error('a promise was left alone', { error }))

  const app = next({ dev: !production, port, httpServer: web.server })
  await app.prepare()
  const handle = app.getRequestHandler()
  const upgrade = app.getUpgradeHandler()
  pages = { handle: (request, response) => handle(request, response), upgrade: (request, socket, head) => upgrade(request, socket, head) }
  log.info('pages are ready', { process: 'web', port })
}

main().catch((error) => {
  log.error('web could not start', { process: 'web', error })
  process.exit(1)
})
