import { defaultDb } from '@/db/client'
import { markDriven } from '@/db/engine'
import { log } from '@/server/log'
import { taskQueue, temporalClient, unattended } from './client'

/** A start that takes longer is given up: the sweep finds the run. */
const deadlineMs = 3_000
/** For the first try after one that failed. */
const probeMs = 750
const gatherMs = 250
/** While Temporal is away, callers are not kept waiting for it. */
const restMs = 2_000
let downUntil = 0

/**
 * Starts the run's workflow or wakes it, whichever it needs. A hint: the run is committed in Postgres already, so a failure is logged
 * and the workers' sweep finds the run within seconds.
 */
export async function nudgeRun(runId: string): Promise<boolean> {
  if (performance.now() < downUntil) return false
  try {
    const client = temporalClient()
    const deadline = Date.now() + (downUntil > 0 ? probeMs : deadlineMs)
    const call = client.connection.withDeadline(deadline, () =>
      client.workflow.signalWithStart('runWorkflow', {
        workflowId: runId,
        taskQueue,
        args: [{ runId }],
        signal: 'wake',
        signalArgs: [],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowTaskTimeout: '10 seconds',
      }),
    )
    await unattended(call)
    downUntil = 0
    acknowledged(runId)
    return true
  } catch (error) {
    downUntil = performance.now() + restMs
    log.warn('a run could not be started in Temporal; the sweep will', { runId, error })
    return false
  }
}

const gathered = new Set<string>()
let timer: NodeJS.Timeout | null = null

/** Written for many runs at once; when it is lost, the sweep starts a run once more than needed. */
function acknowledged(runId: string): void {
  gathered.add(runId)
  if (timer) return
  const db = defaultDb()
  timer = setTimeout(() => {
    timer = null
    const runIds = [...gathered]
    gathered.clear()
    markDriven(runIds, db).catch((error) => log.debug('starts could not be marked', { count: runIds.length, error }))
  }, gatherMs)
  timer.unref()
}
