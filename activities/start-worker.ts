import { existsSync } from 'node:fs'
import path from 'node:path'
import { Context } from '@temporalio/activity'
import { Client } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { workerDb } from '@/db/client'
import { config } from '@/server/config'
import { log } from '@/server/log'
import { closePowers } from '@/server/powers/create-powers'
import { taskQueue } from '@/server/temporal/client'
import type { DriverActivities, DriverQueue } from '@/workflows/runtime/driver-types'
import { createAdvancer } from './advance'
import { createChunkAdvancer } from './advance-chunk'
import { startEagerStarts } from './eager-starts'
import { fireSchedule } from './fire-schedule'
import { createHands, type Hands } from './hands'
import { createHolder, type Holder } from './holder'
import { startLane } from './lane'
import { createNotices } from './notices'
import { reconcile } from './reconcile'
import { createRoom, type Room } from './room'
import { type Sweep, startSweep } from './sweep'
import { createTurns } from './turns'

export interface RunningWorker {
  holder: Holder
  hands: Hands
  sweep: Sweep
  room: Room
  /** True while Temporal gives it work. */
  isPolling(): boolean
  /** Workflows that stand in this process's memory. */
  cachedWorkflows(): number
  /** Ends what is under way, gives back the rest, then stops. */
  stop(): Promise<void>
}

export interface WorkerOptions {
  build: string
  taskQueue?: string
  /** What is under way may end by itself for so long when the worker stops. */
  finishMs?: number
}

const heartbeatMs = 4_000
const mostTold = 10
/** Slices of a named queue that a worker runs at once. */
const mostAtOnce = { code: 4, agents: 50 } as const
const usualFinishMs = 12_000
const reconcileEveryMs = 10 * 60_000

/** Starts a worker of this process. Postgres and Temporal may be away: it waits for both and finds them again. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  installRuntime()
  const hands = createHands()
  const { queues } = config()
  // What takes only heavy work leaves accepting runs to others.
  const isFirst = queues.includes('default')
  const lane = config().lane && isFirst
  const holder = createHolder(hands, options.build, { lane })
  const notices = createNotices(workerDb())
  const turns = createTurns(holder.id)
  const room = createRoom(hands)
  const advancer = createAdvancer({ holder, hands, notices, turns, room })
  const chunks = createChunkAdvancer({ holder, hands, notices, room })
  await patiently(
    'Postgres',
    () => holder.start(),
    () => false,
  )
  const sweep = startSweep(notices)
  chunks.start()

  const activities: DriverActivities = {
    advanceShort: (runId) => advancer.advance(runId, { short: true, queue: 'default' }),
    advance: (runId, queue = 'default') =>
      beating(
        () => advancer.advance(runId, { short: false, queue }),
        () => [...(hands.get(runId)?.under ?? [])],
      ),
    advanceChunk: (runId, queue) =>
      beating(
        () => chunks.advance(runId, queue),
        () => chunks.under(runId),
      ),
    fireSchedule,
  }
  const temporal = keepPolling({ activities, queue: options.taskQueue ?? taskQueue, takes: queues })
  const accepting = lane ? startLane({ advancer, hands, holder, turns }) : isFirst ? startEagerStarts(() => temporal.client()) : null
  const comparing = keepComparing()

  return {
    holder,
    hands,
    sweep,
    room,
    isPolling: temporal.isPolling,
    cachedWorkflows: temporal.cachedWorkflows,
    async stop() {
      // In this order: nothing new is taken, nothing new begins, what is done is recorded, the rest is given back.
      advancer.close()
      chunks.close()
      comparing.stop()
      await accepting?.stop()
      await sweep.stop()
      if (!(await untilEmpty(hands, options.finishMs ?? usualFinishMs))) {
        for (const hand of hands.all()) {
          hand.reason ??= 'shutdown'
          hand.abort.abort(new Error('shutdown'))
        }
        await untilEmpty(hands, 3_000)
      }
      await accepting?.ended()
      await notices.flush()
      await temporal.stop()
      await holder.stop()
      await closePowers()
    },
  }
}

/** Heartbeats tell which steps are under way, by path; never what they work on. */
async function beating<Answer>(work: () => Promise<Answer>, where: () => string[]): Promise<Answer> {
  const context = Context.current()
  const beat = () => context.heartbeat({ steps: where().slice(0, mostTold) })
  beat()
  const timer = setInterval(beat, heartbeatMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

async function untilEmpty(hands: Hands, ms: number): Promise<boolean> {
  const end = performance.now() + ms
  while (hands.size > 0) {
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return true
}

interface PollOptions {
  activities: DriverActivities
  queue: string
  takes: readonly DriverQueue[]
}

interface Polling {
  isPolling(): boolean
  cachedWorkflows(): number
  client(): Client | null
  stop(): Promise<void>
}

function keepPolling(options: PollOptions): Polling {
  let stopped = false
  let current: Worker[] = []
  let client: Client | null = null
  const isPolling = () => current.length > 0 && current.every((worker) => worker.getState() === 'RUNNING')
  const polling = (async () => {
    while (!stopped) {
      let connection: NativeConnection | null = null
      try {
        connection = await patiently(
          'Temporal',
          () => NativeConnection.connect({ address: config().temporalAddress }),
          () => stopped,
        )
        if (!connection) return
        const workers = await createWorkers(connection, options)
        if (stopped) return
        current = workers
        client = new Client({ connection, namespace: config().temporalNamespace })
        log.info('the worker takes work from Temporal', { reason: `${options.queue}: ${options.takes.join(', ')}` })
        await runTogether(workers)
      } catch (error) {
        if (!stopped) log.error('the worker lost Temporal and tries again', { error })
        await pause(1_000)
      } finally {
        current = []
        client = null
        await connection?.close().catch(() => {})
      }
    }
  })()
  return {
    isPolling,
    cachedWorkflows: () => current.reduce((sum, worker) => sum + worker.getStatus().numCachedWorkflows, 0),
    client: () => (isPolling() ? client : null),
    async stop() {
      stopped = true
      for (const worker of current) if (worker.getState() === 'RUNNING') worker.shutdown()
      await polling
    },
  }
}

/** One for each queue: the default one has the workflows too, the others only slices of long or heavy steps. */
function createWorkers(connection: NativeConnection, { activities, queue, takes }: PollOptions): Promise<Worker[]> {
  const shared = { connection, namespace: config().temporalNamespace, shutdownGraceTime: '25 seconds' } as const
  return Promise.all(
    takes.map((name) =>
      name === 'default'
        ? Worker.create({
            ...shared,
            taskQueue: queue,
            ...workflowSource(),
            activities: { ...activities },
            maxCachedWorkflows: 200,
            // What a worker that died had cached is offered to it for so long before another one hears of it.
            stickyQueueScheduleToStartTimeout: '4 seconds',
            maxConcurrentActivityTaskExecutions: 200,
            maxConcurrentLocalActivityExecutions: 100,
            maxConcurrentWorkflowTaskExecutions: 40,
          })
        : Worker.create({
            ...shared,
            taskQueue: `${queue}-${name}`,
            activities: { advance: activities.advance, advanceChunk: activities.advanceChunk },
            maxConcurrentActivityTaskExecutions: mostAtOnce[name],
          }),
    ),
  )
}

/** Until they are shut down; when one is lost the others are ended too, and all begin again together. */
async function runTogether(workers: readonly Worker[]): Promise<void> {
  const running = workers.map((worker) => worker.run())
  try {
    await Promise.all(running)
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
    await Promise.allSettled(running)
  }
}

/** In the built product the bundle was made before; while developing it is made from the source. */
function workflowSource(): { workflowBundle: { codePath: string } } | { workflowsPath: string } {
  const built = path.join(import.meta.dirname, 'workflow-bundle.js')
  if (existsSync(built)) return { workflowBundle: { codePath: built } }
  return { workflowsPath: path.join(import.meta.dirname, '..', 'workflows', 'index.ts') }
}

function keepComparing(): { stop(): void } {
  let timer: NodeJS.Timeout
  let stopped = false
  const compare = async () => {
    const worked = await reconcile().then(
      () => true,
      (error) => {
        log.warn('the comparison with Temporal failed; it is tried again', { error })
        return false
      },
    )
    if (!stopped) timer = setTimeout(compare, worked ? reconcileEveryMs : 5_000)
  }
  timer = setTimeout(compare, 500)
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Tries until it works, with longer and longer rests; null when it is not wanted any more. */
async function patiently<T>(what: string, attempt: () => Promise<T>, isOver: () => boolean): Promise<T | null> {
  for (let rest = 200; !isOver(); rest = Math.min(rest * 2, 5_000)) {
    try {
      return await attempt()
    } catch (error) {
      log.warn(`${what} does not answer; trying again`, { durationMs: rest, error })
      await pause(rest)
    }
  }
  return null
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

let installed = false

/** Workers of the named queues have none: Temporal starts workflows on the default queue only. There is no option that says so. */
const activityOnly = 'No workflows registered, not polling for workflow tasks'

/** Once a process; signals are ours to handle, or the worker would stop before its runs were given back. */
function installRuntime(): void {
  if (installed) return
  installed = true
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      if (message === activityOnly) return
      const fields = { error: meta?.error, ...(typeof meta?.workflowId === 'string' ? { runId: meta.workflowId } : {}) }
      if (level === 'ERROR') log.error(message, fields)
      else log.warn(message, fields)
    }),
  })
}
