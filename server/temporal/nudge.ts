import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
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
export function nudgeRun(runId: string): Promise<boolean> {
  return askTemporal(runId, temporalClient(), (client) => wakeOrStart(runId, client))
}

const wakeOrStart = (runId: string, { workflow }: Client) =>
  workflow.signalWithStart('runWorkflow', { ...startOf(runId), signal: 'wake', signalArgs: [] })

/**
 * Starts the workflow of an accepted run over the connection that this process's worker takes its tasks from: the first task comes with the
 * server's answer and is not asked for. A hint like `nudgeRun`.
 */
export function startRunHere(runId: string, client: Client): Promise<boolean> {
  return askTemporal(runId, client, async () => {
    try {
      await client.workflow.start('runWorkflow', { ...startOf(runId), requestEagerStart: true })
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      // Somebody was faster, or it sleeps since the run had to wait for its slot.
      await wakeOrStart(runId, client)
    }
  })
}

function startOf(runId: string) {
  return {
    workflowId: runId,
    taskQueue,
    args: [{ runId }],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowTaskTimeout: '10 seconds',
  } as const
}

async function askTemporal(runId: string, client: Client, ask: (client: Client) => Promise<unknown>): Promise<boolean> {
  if (performance.now() < downUntil) return false
  try {
    const deadline = Date.now() + (downUntil > 0 ? probeMs : deadlineMs)
    await unattended(client.withDeadline(deadline, () => ask(client)))
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
