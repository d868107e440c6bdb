import {
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { ChunkAnswer, DriverActivities, DriverAnswer, DriverQueue, RunArgs } from './driver-types'

export const wake = defineSignal('wake')

const short = proxyLocalActivities<DriverActivities>({ startToCloseTimeout: '30 seconds', retry: { maximumAttempts: 1 } })
const longOn = (queue: DriverQueue, more: { allowEagerDispatch?: boolean } = {}) =>
  proxyActivities<DriverActivities>({
    // The default one is the queue that the workflow itself is on.
    ...(queue === 'default' ? {} : { taskQueue: `${workflowInfo().taskQueue}-${queue}` }),
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '15 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
    ...more,
  })
/** Left to itself, Temporal gives what a workflow asks for to the worker that has the workflow, and all would stay with that one. */
const anywhere = { allowEagerDispatch: false }

/** A history much longer than this is slow to replay. */
const mostCalls = 400

/**
 * Drives one run: calls `advance`, waits for what it names, calls again. Stateless: Postgres remembers, so it may be started again at
 * any time, and a wake is only counted.
 */
export async function runWorkflow({ runId }: RunArgs): Promise<void> {
  let wakes = 0
  setHandler(wake, () => {
    wakes += 1
  })
  let queue: DriverQueue = 'default'
  const chunks = chunksOf(runId)
  for (let calls = 0; ; calls += 1) {
    const seen = wakes
    const answer: DriverAnswer = calls === 0 ? await advanceShort(runId) : await longOn(queue).advance(runId, queue)
    queue = answer.kind === 'queue' ? (answer.queue ?? 'default') : 'default'
    if ('chunks' in answer && answer.chunks) chunks.drive(answer.chunks)
    switch (answer.kind) {
      case 'finished':
      case 'gone':
        return
      case 'held':
        await sleepUntil(answer.until, () => false)
        break
      case 'waiting':
        await sleepUntil(answer.until, () => wakes !== seen || chunks.fillHistory())
        break
      case 'more':
      case 'queue':
        break
    }
    if (calls >= mostCalls || workflowInfo().continueAsNewSuggested) {
      await chunks.rest()
      await continueAsNew<typeof runWorkflow>({ runId })
    }
  }
}

/**
 * Beside the run itself: has so many chunks of its loops under way, each in slices, until none is left to take. What is left is for Postgres
 * to know: whoever drives the run hears with each answer how many there are to be.
 */
function chunksOf(runId: string) {
  let active = 0
  let resting = false
  const follow = async () => {
    active += 1
    try {
      let queue: DriverQueue = 'default'
      while (!resting) {
        const answer: ChunkAnswer = await longOn(queue, anywhere).advanceChunk(runId, queue)
        if (answer.kind === 'none') return
        if (answer.kind === 'queue') queue = answer.queue
        if (answer.kind === 'held') await sleepUntil(answer.until, () => resting)
      }
    } catch {
      // The sweep finds chunks that nobody goes through.
    } finally {
      active -= 1
    }
  }
  return {
    drive(wanted: number) {
      for (let more = wanted - active; more > 0; more--) void follow()
    },
    /** So long that a new one has to be begun. */
    fillHistory: () => active > 0 && workflowInfo().continueAsNewSuggested,
    async rest() {
      resting = true
      if (active > 0) await condition(() => active === 0)
    },
  }
}

/**
 * A local activity is tried once; what fails there goes on as an activity, which is retried until it works. What it throws arrives here as it
 * is, not as the failure of an activity: left alone it would end the workflow.
 */
async function advanceShort(runId: string): Promise<DriverAnswer> {
  try {
    return await short.advanceShort(runId)
  } catch (error) {
    if (isCancellation(error)) throw error
    return { kind: 'more' }
  }
}

async function sleepUntil(until: number | null, isOver: () => boolean): Promise<void> {
  if (until === null) {
    await condition(isOver)
    return
  }
  const rest = until - Date.now()
  if (rest > 0) await condition(isOver, rest)
}
