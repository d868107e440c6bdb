import { setFlagsFromString } from 'node:v8'
import { askAsWorker, closeDatabases } from '@/db/client'
import { config } from '@/server/config'
import { log } from '@/server/log'
import { closeTemporal } from '@/server/temporal/client'
import { shrinkHeap } from './free-buffers'
import { startHealth } from './health'
import { keepLean } from './rest'
import { type RunningWorker, startWorker } from './start-worker'

for (const flag of [
  // By itself V8 lets a heap that grows fast come to four times of what is in use before it looks for garbage.
  '--heap-growing-percent=60',
  // Of the threads that begin later; this one's own is set where it is started.
  '--max-semi-space-size=8',
  // What was collected goes back to the system at once.
  '--memory-pool-timeout=1',
  '--no-large-page-pool',
]) {
  setFlagsFromString(flag)
}

/** The process entry: a worker with its health, until a signal ends it. */
async function main(): Promise<void> {
  askAsWorker()
  let worker: RunningWorker | null = null
  const health = await startHealth(config().workerPort, () => worker)
  let ending = false
  const end = async (signal: string) => {
    if (ending) return
    ending = true
    log.info('the worker stops', { reason: signal })
    // Whatever hangs: the starter's patience is 29 s.
    setTimeout(() => process.exit(1), 28_000).unref()
    await worker?.stop().catch((error) => log.error('the worker did not stop cleanly', { error }))
    health.close()
    await closeTemporal().catch(() => {})
    await closeDatabases().catch(() => {})
    log.info('the worker stopped')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal))
  process.on('unhandledRejection', (error) => log.error('a promise failed unseen', { error }))
  worker = await startWorker({ build: process.env.MILLRACE_BUILD ?? 'dev' })
  keepLean(worker.hands, shrinkHeap)
  if (ending) await worker.stop()
}

main().catch((error) => {
  log.error('the worker could not start', { error })
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
