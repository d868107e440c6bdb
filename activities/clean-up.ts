import type { TakenRun } from '@/db/engine'
import { log } from '@/server/log'
import { powersOf } from '@/server/powers/create-powers'
import { loadPlan, PlanRefused } from '@/server/services/runs/load-plan'
import { executePlan, isQuick } from '@/workflows/runtime/execute-plan'
import type { Plan, StepQueue } from '@/workflows/runtime/types'
import type { Hand, Hands } from './hands'
import { hashJson } from './hash-json'
import { isOfQueue } from './is-of-queue'
import { loadLog } from './load-log'
import type { Notices } from './notices'
import { createPostgresHost } from './postgres-host'
import { factsOf } from './run-facts'

export type Cleaned = { kind: 'done' } | { kind: 'more' } | { kind: 'queue'; queue: StepQueue; timeoutMs: number }

export interface CleanUpOptions {
  hand: Hand
  hands: Hands
  short: boolean
  queue?: StepQueue
  notices: Notices
  mayGoOn(): boolean
  /** Crashes after which cleaning up is given up too. */
  alreadyTried: number
}

/** One slice of the `finally` steps of what was under way in a run that is cancelled or took too long. Whatever fails in them does not keep it. */
export async function cleanUp(taken: TakenRun, options: CleanUpOptions): Promise<Cleaned> {
  const { organizationId, runId } = taken
  const { hand, hands, notices } = options
  // A run that was never begun has nothing to clean up; one begun in this very slice is at epoch one.
  if (!taken.versionId || taken.soloCrashes >= options.alreadyTried) return { kind: 'done' }
  const plan = await planOf(organizationId, taken.versionId)
  if (!plan || !hasFinally(plan)) return { kind: 'done' }
  const [loaded, facts] = await Promise.all([loadLog(organizationId, runId, plan), factsOf(taken, plan)])
  if (loaded.lastSeq === 0) return { kind: 'done' }
  const abort = new AbortController()
  const host = createPostgresHost({
    organizationId,
    workflowId: taken.workflowId,
    runId,
    epoch: taken.epoch,
    lastSeq: loaded.lastSeq,
    powers: powersOf(organizationId, taken.projectId),
    notices,
    hand: { ...hand, abort },
    hands,
    begun: taken.begun,
    cleaning: true,
  })
  const outcome = await executePlan(plan, loaded.log, facts, host, {
    settled: loaded.settled,
    ...(loaded.finished ? { finished: loaded.finished } : {}),
    cancelling: true,
    fits: (planned) => isOfQueue(planned, options.queue) && (!options.short || isQuick(planned)),
    signal: abort.signal,
    stopping: () => (options.mayGoOn() ? null : 'shutdown'),
    hash: hashJson,
    timeZone: taken.timeZone,
  })
  if (outcome.kind === 'queue') return outcome
  if (outcome.kind === 'more' || (outcome.kind === 'stopped' && outcome.reason === 'shutdown')) return { kind: 'more' }
  if (outcome.kind === 'waiting') log.warn('a finally waited although its run is over', { runId })
  return { kind: 'done' }
}

async function planOf(organizationId: string, versionId: string): Promise<Plan | null> {
  try {
    return await loadPlan(organizationId, versionId)
  } catch (error) {
    if (error instanceof PlanRefused) return null
    throw error
  }
}

function hasFinally(plan: Plan): boolean {
  return [...plan.nodes.values()].some((planned) => planned.sections.some((section) => section.name === 'finally'))
}
