import { and, eq, isNull, or } from 'drizzle-orm'
import { inOrganization } from '@/db/client'
import { finishRun, giveBackRun, type TakenRun, takeRun, waitRun } from '@/db/engine'
import { variables } from '@/db/schema'
import { config } from '@/server/config'
import { log } from '@/server/log'
import { powersOf } from '@/server/powers/create-powers'
import { callbackUrl } from '@/server/services/callbacks/callback-token'
import { loadPlan, PlanRefused } from '@/server/services/runs/load-plan'
import { checkJson } from '@/workflows/graph/json-schema'
import type { Json } from '@/workflows/graph/schema'
import type { StepError } from '@/workflows/nodes/errors'
import { durationInWords } from '@/workflows/nodes/flow-wait/duration-in-words'
import type { DriverAnswer } from '@/workflows/runtime/driver-types'
import { executePlan } from '@/workflows/runtime/execute-plan'
import { nodeIdOf } from '@/workflows/runtime/node-id-of'
import { FencedError, type PendingWait, type Plan, type PlanOutcome, type RunFacts } from '@/workflows/runtime/types'
import { cleanUp } from './clean-up'
import { errorSignature } from './error-signature'
import type { Hand, Hands } from './hands'
import { hashJson } from './hash-json'
import type { Holder } from './holder'
import { type LoadedLog, loadLog } from './load-log'
import type { Notices } from './notices'
import { createPostgresHost } from './postgres-host'
import { wakeLinked } from './wake-linked'
import { whileAway } from './while-away'

export interface Advancer {
  /** Runs one slice of the run, if this worker may have it. `short` leaves long steps to a queue. */
  advance(runId: string, options: { short: boolean }): Promise<DriverAnswer>
  /** Starts nothing any more. */
  close(): void
}

const mostSoloCrashes = 3
const aloneMs = 10_000
const openMs = 15_000
const soon = (ms: number): DriverAnswer => ({ kind: 'held', until: Date.now() + ms })

export function createAdvancer(parts: { holder: Holder; hands: Hands; notices: Notices }): Advancer {
  const { holder, hands, notices } = parts
  let closed = false

  async function advance(runId: string, { short }: { short: boolean }): Promise<DriverAnswer> {
    if (closed || hands.has(runId) || !holder.mayStart()) return soon(1_000)
    if (!(await hands.untilOpen(openMs)) || closed || hands.has(runId)) return soon(1_000)
    const hand = hands.take(runId)
    let taken: TakenRun | null = null
    let release: (() => void) | null = null
    try {
      const take = await takeRun(runId, holder.id)
      if (take.outcome === 'held') return { kind: 'held', until: take.until.getTime() + 50 }
      if (take.outcome === 'waiting') return { kind: 'waiting', until: take.until?.getTime() ?? null }
      if (take.outcome === 'paused') return { kind: 'waiting', until: null }
      if (take.outcome === 'gone') return { kind: 'gone' }
      taken = take
      notices.hint(taken.organizationId, 'run', runId)
      if (taken.cancel) return await cancel(taken, hand, short)
      if (taken.soloCrashes >= mostSoloCrashes) return await fail(taken, runId, { error: poison, path: '', nodeTitle: '' })
      if (taken.crashes > 0) {
        release = await hands.alone(hand, aloneMs)
        // Others take long: it is tried again rather than blamed on them.
        if (!release && taken.soloCrashes > 0) {
          await giveBackRun(runId, taken.epoch, 'error')
          return soon(5_000)
        }
      }
      return await runSlice(taken, hand, short)
    } catch (error) {
      if (error instanceof FencedError) return soon(1_000)
      if (taken && error instanceof PlanRefused) {
        return await fail(taken, runId, { error: refusal(error), path: '', nodeTitle: '' })
      }
      log.error('a run could not be advanced', { runId, error })
      if (taken) await giveBackRun(runId, taken.epoch, 'error').catch(() => log.debug('a run is taken back later', { runId }))
      throw error
    } finally {
      release?.()
      hands.drop(hand)
    }
  }

  async function runSlice(taken: TakenRun, hand: Hand, short: boolean): Promise<DriverAnswer> {
    const { runId } = hand
    const { organizationId } = taken
    if (!taken.versionId) throw new PlanRefused('This run names no version that it could execute.')
    const plan = await loadPlan(organizationId, taken.versionId)
    const [loaded, facts] = await Promise.all([logOf(taken, runId, plan), factsOf(taken, runId, plan)])
    const host = createPostgresHost({
      organizationId,
      runId,
      epoch: taken.epoch,
      lastSeq: loaded.lastSeq,
      powers: powersOf(organizationId, taken.projectId),
      notices,
      hand,
    })
    const end = endOf(plan, taken)
    if (end !== null && Date.now() >= end) return fail(taken, runId, { error: tooLong(plan), path: '', nodeTitle: '' })
    const isOver = () => end !== null && Date.now() >= end
    const rest = end === null ? Number.POSITIVE_INFINITY : end - Date.now()
    // No step takes as long as an hour, and a timer takes no more than 24 days.
    const limit = rest < 3_600_000 ? setTimeout(() => hand.abort.abort(new Error('too long')), rest) : null
    const outcome = await executePlan(plan, loaded.log, facts, host, {
      settled: loaded.settled,
      longSteps: !short,
      signal: hand.abort.signal,
      stopping: () => hand.reason ?? (closed || isOver() || !holder.mayStart() ? 'shutdown' : null),
      hash: hashJson,
      timeZone: taken.timeZone,
    }).finally(() => limit && clearTimeout(limit))
    if (outcome.kind === 'stopped' && outcome.reason === 'shutdown' && isOver()) {
      return fail(taken, runId, { error: tooLong(plan), path: '', nodeTitle: '' })
    }
    return answer(taken, hand, { plan, short }, outcome)
  }

  /** What was under way may still have to clean up before the run is over. */
  async function cancel(taken: TakenRun, hand: Hand, short: boolean): Promise<DriverAnswer> {
    const { runId } = hand
    const cleaned = await cleanUp(taken, hand, {
      short,
      notices,
      facts: (plan) => factsOf(taken, runId, plan),
      mayGoOn: () => !closed && holder.mayStart(),
      alreadyTried: mostSoloCrashes,
    })
    if (cleaned.kind === 'done') return finish(taken, runId, { status: 'cancelled' })
    if (cleaned.kind === 'queue') return (await giveBack(taken, runId, 'queue')) ? cleaned : soon(1_000)
    return (await giveBack(taken, runId, 'more')) ? { kind: 'more' } : soon(1_000)
  }

  async function answer(
    taken: TakenRun,
    hand: Hand,
    { plan, short }: { plan: Plan; short: boolean },
    outcome: PlanOutcome,
  ): Promise<DriverAnswer> {
    const { runId } = hand
    switch (outcome.kind) {
      case 'succeeded':
        return succeed(taken, runId, plan, outcome.output)
      case 'failed':
        return fail(taken, runId, outcome)
      case 'waiting':
        return wait(taken, runId, plan, outcome)
      case 'stopped':
        if (outcome.reason === 'cancelled') return cancel(taken, hand, short)
        if (!(await giveBack(taken, runId, outcome.reason))) return soon(1_000)
        if (outcome.reason === 'shutdown') return soon(1_000)
        notices.hint(taken.organizationId, 'run', runId)
        return { kind: 'waiting', until: null }
      case 'queue':
        return (await giveBack(taken, runId, 'queue')) ? { kind: 'queue', timeoutMs: outcome.timeoutMs } : soon(1_000)
      case 'more':
        return (await giveBack(taken, runId, 'more')) ? { kind: 'more' } : soon(1_000)
    }
  }

  function succeed(taken: TakenRun, runId: string, plan: Plan, output: Json): Promise<DriverAnswer> {
    const [mismatch] = checkJson(output, plan.settings.output as Json | undefined)
    if (mismatch) return fail(taken, runId, { error: wrongOutput(mismatch.message), path: '', nodeTitle: '' })
    return finish(taken, runId, { status: 'succeeded', output })
  }

  async function wait(
    taken: TakenRun,
    runId: string,
    plan: Plan,
    outcome: Extract<PlanOutcome, { kind: 'waiting' }>,
  ): Promise<DriverAnswer> {
    const fence = { organizationId: taken.organizationId, runId, epoch: taken.epoch }
    const waitingFor = waitingForOf(outcome.waits, plan)
    const until = sooner(outcome.until, endOf(plan, taken))
    const waited = await patiently(() => waitRun(fence, { wakeSeen: taken.wakeSeq, until, waitingFor }))
    if (waited.outcome === 'fenced') return soon(1_000)
    if (waited.outcome === 'woken') return { kind: 'more' }
    notices.told(taken.organizationId, [{ kind: 'run', ids: [runId], seq: waited.seq }])
    return { kind: 'waiting', until: until?.getTime() ?? null }
  }

  function fail(taken: TakenRun, runId: string, failed: { error: StepError; path: string; nodeTitle: string }): Promise<DriverAnswer> {
    const { error, path, nodeTitle } = failed
    return finish(taken, runId, {
      status: 'failed',
      error: { ...error, path, nodeTitle } as unknown as Json,
      signature: errorSignature(taken.workflowId, path, error),
    })
  }

  async function finish(
    taken: TakenRun,
    runId: string,
    end: { status: 'succeeded' | 'failed' | 'cancelled'; output?: Json; error?: Json; signature?: string },
  ): Promise<DriverAnswer> {
    const finished = await patiently(() => finishRun({ organizationId: taken.organizationId, runId, epoch: taken.epoch }, end))
    if (finished.outcome === 'fenced') return soon(1_000)
    notices.told(taken.organizationId, finished.told)
    void wakeLinked(finished.wake)
    log.info('run finished', { runId, organizationId: taken.organizationId, workflowId: taken.workflowId, status: finished.status })
    return { kind: 'finished' }
  }

  function giveBack(taken: TakenRun, runId: string, reason: 'more' | 'queue' | 'paused' | 'shutdown'): Promise<boolean> {
    return patiently(() => giveBackRun(runId, taken.epoch, reason))
  }

  return {
    advance,
    close() {
      closed = true
    },
  }
}

const patiently = <T>(ask: () => Promise<T>) => whileAway(ask, 10_000)

async function logOf(taken: TakenRun, runId: string, plan: Plan): Promise<LoadedLog> {
  return taken.stepped ? loadLog(taken.organizationId, runId, plan) : { log: new Map(), settled: [], lastSeq: 0 }
}

async function factsOf(taken: TakenRun, runId: string, plan: Plan): Promise<RunFacts> {
  const wanted = [...plan.nodes.values()].some((planned) => planned.params.vars.length > 0)
  return {
    id: runId,
    rootId: taken.rootId,
    generation: taken.generation,
    organizationId: taken.organizationId,
    workflow: { id: taken.workflowId, name: taken.workflowName, version: taken.versionNumber ?? 0 },
    trigger: { kind: taken.trigger, nodeId: taken.triggerNodeId, data: taken.input ?? null },
    variables: wanted ? await variablesOf(taken) : {},
    startedAt: taken.startedAt,
    baseUrl: config().url,
    callbackUrl: (path) => callbackUrl({ organizationId: taken.organizationId, runId, path }),
  }
}

/** The project's value before the organization's. */
async function variablesOf({ organizationId, projectId, environmentId }: TakenRun): Promise<Record<string, Json>> {
  const rows = await inOrganization(organizationId, (tx) =>
    tx
      .select({ name: variables.name, value: variables.value, projectId: variables.projectId })
      .from(variables)
      .where(
        and(
          eq(variables.organizationId, organizationId),
          eq(variables.environmentId, environmentId),
          or(isNull(variables.projectId), eq(variables.projectId, projectId)),
        ),
      ),
  )
  const values: Record<string, Json> = Object.create(null)
  for (const row of rows) if (row.projectId !== null || !Object.hasOwn(values, row.name)) values[row.name] = row.value as Json
  return values
}

/** The one that people can do something about, else the one that is over first. */
function waitingForOf(waits: readonly PendingWait[], plan: Plan): Json {
  const time = (wait: PendingWait) => wait.dueAt?.getTime() ?? Number.POSITIVE_INFINITY
  const [first] = [...waits].sort((a, b) => Number(b.kind === 'approval') - Number(a.kind === 'approval') || time(a) - time(b))
  if (!first) return null
  const node = plan.nodes.get(nodeIdOf(first.path, plan))?.node
  return {
    kind: first.kind,
    path: first.path,
    dueAt: first.dueAt?.toISOString() ?? null,
    nodeTitle: node?.title ?? null,
    count: waits.length,
  }
}

/** When the run has had the longest time that its settings allow; null where they allow any. */
function endOf(plan: Plan, taken: TakenRun): number | null {
  const { maxDurationMs } = plan.settings
  return maxDurationMs === undefined ? null : taken.startedAt.getTime() + maxDurationMs
}

function sooner(until: Date | null, end: number | null): Date | null {
  if (end === null) return until
  return until && until.getTime() < end ? until : new Date(end)
}

function tooLong({ settings }: Plan): StepError {
  return {
    class: 'timeout',
    code: 'run.too_long',
    message: `The run took longer than ${durationInWords(settings.maxDurationMs ?? 0)}, the longest that its workflow allows.`,
    hint: 'Look at what took so long, or allow more time in the settings of the workflow.',
  }
}

function wrongOutput(words: string): StepError {
  return {
    class: 'bad_data',
    code: 'run.output',
    message: `The output is not what the workflow promises. ${words}`,
    hint: 'Change the last step, or the output in the settings of the workflow.',
  }
}

const poison: StepError = {
  class: 'internal',
  code: 'run.crashes_worker',
  message: 'Three times in a row a worker died while it executed this run and nothing else.',
  hint: 'Look at the step that was under way: it may need too much memory. Change it, then run again from there.',
}

function refusal(error: PlanRefused): StepError {
  return { class: 'bad_data', code: 'plan.refused', message: error.message, hint: 'Publish the workflow again and run that version.' }
}
