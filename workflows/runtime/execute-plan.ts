import type { Json } from '../graph/schema'
import { controls } from '../nodes/controls'
import type { ControlDefinition, EffectDefinition } from '../nodes/define'
import type { StepError } from '../nodes/errors'
import { evaluateParams, recordedParams } from './evaluate-params'
import { createExecution, type Execution } from './execution'
import { failurePort, firstPort } from './failure-port'
import { isSettled } from './flow-state'
import { runAgent } from './run-agent'
import { type AttemptsEnd, onlyComputes, runAttempts, type StepEnd } from './run-attempts'
import { isGate, passGate } from './run-gate'
import { goOnLinked, isLinked, startChild } from './run-linked'
import { runOutput } from './run-output'
import { stepErrorOf } from './step-error-of'
import { storableJson } from './storable-json'
import type {
  ExecuteOptions,
  Host,
  PendingWait,
  Plan,
  PlanNode,
  PlanOutcome,
  RunFacts,
  SettledWait,
  StepLog,
  StepQueue,
  StepRecord,
} from './types'

/** Steps that may take longer are not started in a slice that blocks signals. */
const shortMs = 5_000
const defaultConcurrency = 20

/**
 * Runs every node that is ready until nothing more can run now or the slice is over. What the log says happened does not happen
 * again; what happens is recorded through the host before anything that stands on it starts. Throws only what the host's `record`
 * throws (fenced, database away): then nothing in flight is left.
 */
export async function executePlan(
  plan: Plan,
  log: StepLog,
  facts: RunFacts,
  host: Host,
  options: ExecuteOptions = {},
): Promise<PlanOutcome> {
  const execution = createExecution(plan, log, facts, host, options)
  const { flow, buffer } = execution
  const flights = new Map<string, Promise<void>>()
  const waits = new Map<string, PendingWait>()
  let unfinished = false
  let begun = 0
  let queue: { queue: StepQueue; timeoutMs: number } | null = null
  let broken: unknown

  const settle = (record: StepRecord) => flow.settle(record)
  const launch = (id: string, work: Promise<void>) => {
    flights.set(
      id,
      work
        .catch((error) => {
          broken ??= error ?? new Error('a step broke')
        })
        .finally(() => flights.delete(id)),
    )
  }
  const land = (end: StepEnd) => {
    if (end.kind === 'settled') settle(end.record)
    else if (end.kind === 'failed') execution.fail(end.record)
    else if (end.kind === 'later') unfinished = true
    else if (end.kind === 'waiting') waits.set(end.wait.path, end.wait)
    else for (const { path, attempt, retryAt } of end.records) waits.set(path, { kind: 'retry', path, attempt, dueAt: retryAt ?? null })
  }

  const context: StepContext = {
    execution,
    settle,
    wait: (wait) => waits.set(wait.path, wait),
    effect(id, planned, work) {
      const mayBeLong = options.longSteps === 'computing' ? onlyComputes(planned) : options.longSteps !== false
      if (planned.settings.timeoutMs > shortMs && !mayBeLong) {
        if (!queue || queue.timeoutMs < planned.settings.timeoutMs)
          queue = { queue: queueOf(planned), timeoutMs: planned.settings.timeoutMs }
        return
      }
      launch(id, work().then(land))
    },
  }

  for (const record of log.values()) {
    if (!plan.nodes.has(record.path)) continue
    if (endsEarly(plan, record)) execution.fail(record)
    else if (isSettled(record)) settle(record)
    else if (record.status === 'unknown' || (record.status === 'failed' && !record.retryAt)) execution.fail(record)
  }

  try {
    for (;;) {
      while (!broken && execution.failure() === null && execution.stopReason() === null) {
        if (flights.size >= (options.concurrency ?? defaultConcurrency)) break
        const id = flow.next()
        if (id === undefined) break
        if (begun > 0 && execution.sliceIsOver()) {
          unfinished = true
          break
        }
        begun += 1
        beginStep(id, context)
        if (buffer.size > 0 && buffer.restMs() === 0) await buffer.flush()
      }
      if (broken) throw broken
      if (flights.size === 0) break
      await nextLanding(flights, buffer)
      if (buffer.size > 0 && buffer.restMs() === 0) await buffer.flush()
    }
    if (options.keepRest) {
      const end = outcomeOf(execution, { waits: [...waits.values()], unfinished, queue })
      if (end.kind === 'succeeded' || end.kind === 'failed') {
        options.keepRest(buffer.takeRest())
        return end
      }
    }
    await buffer.flush()
  } catch (error) {
    execution.abort()
    await Promise.allSettled(flights.values())
    throw error
  }
  return outcomeOf(execution, { waits: [...waits.values()], unfinished, queue })
}

async function nextLanding(flights: ReadonlyMap<string, Promise<void>>, buffer: Execution['buffer']): Promise<void> {
  if (buffer.isUrgent) {
    await buffer.flush()
    return
  }
  if (buffer.size === 0) {
    await Promise.race(flights.values())
    return
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const watched = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, buffer.restMs())
  })
  await Promise.race([...flights.values(), watched])
  clearTimeout(timer)
}

function outcomeOf(
  execution: Execution,
  state: { waits: PendingWait[]; unfinished: boolean; queue: { queue: StepQueue; timeoutMs: number } | null },
): PlanOutcome {
  const { plan, flow, host } = execution
  const failure = execution.failure()
  const stopped = execution.stopReason()
  if (stopped === 'cancelled') return { kind: 'stopped', reason: stopped }
  if (failure?.status === 'succeeded') return { kind: 'succeeded', output: failure.output ?? null }
  if (failure) {
    const node = plan.nodes.get(failure.path.split('/')[0] as string)
    const error = failure.error ?? stepErrorOf(null)
    return { kind: 'failed', error, path: failure.path, nodeTitle: node?.node.title ?? failure.path }
  }
  if (stopped) return { kind: 'stopped', reason: stopped }
  if (state.queue) return { kind: 'queue', ...state.queue }
  if (state.unfinished) return { kind: 'more' }
  if (state.waits.length === 0) return { kind: 'succeeded', output: runOutput(plan, flow) }
  const dues = state.waits.flatMap((wait) => (wait.dueAt ? [wait.dueAt.getTime()] : []))
  const until = dues.length > 0 ? new Date(Math.min(...dues)) : null
  // What only its row may decide is settled when the run is taken as a waiting one.
  if (state.waits.some(({ kind, dueAt }) => (kind === 'time' || kind === 'retry') && dueAt && dueAt <= host.now())) return { kind: 'more' }
  return { kind: 'waiting', until, waits: state.waits }
}

/** A *stop* that succeeded: the run is over whatever else could still run. */
function endsEarly(plan: Plan, record: StepRecord): boolean {
  const planned = plan.nodes.get(record.path)
  if (record.status !== 'succeeded' || planned?.definition.kind !== 'control') return false
  return planned.definition.control === 'stop' && !planned.settings.disabled
}

interface StepContext {
  execution: Execution
  settle(record: StepRecord): void
  wait(wait: PendingWait): void
  effect(id: string, planned: PlanNode, work: () => Promise<StepEnd>): void
}

/** Does what a ready node means: at once where it only computes, as a flight where it touches the world. */
function beginStep(id: string, context: StepContext): void {
  const { execution } = context
  const { flow, host, facts, hasher } = execution
  const planned = execution.plan.nodes.get(id) as PlanNode
  const { definition } = planned
  const startedAt = host.now()
  const from = execution.monotonic()
  const keep = (record: Omit<StepRecord, 'startedAt' | 'durationUs' | 'path' | 'attempt'>) => {
    const kept: StepRecord = {
      path: id,
      attempt: 1,
      startedAt,
      durationUs: Math.max(0, Math.round((execution.monotonic() - from) * 1_000)),
      ...record,
    }
    execution.keep(kept)
    return kept
  }
  if (flow.isSkipped(id)) {
    const skipped: StepRecord = { path: id, attempt: 1, status: 'skipped', startedAt, durationUs: 0 }
    if (flow.isReachable(id)) execution.keep(skipped)
    context.settle(skipped)
    return
  }
  const fired = flow.fired(planned)
  const given = execution.options.inputs?.get(id)
  const input: Json = definition.kind === 'trigger' ? facts.trigger.data : given !== undefined ? given : (fired[0]?.value ?? null)
  const inputHash = hasher.of(planned, fired, input)
  const fail = (error: StepError, recorded?: Json) => {
    const record = keep({
      status: 'failed',
      inputHash,
      ...(recorded === undefined ? {} : { input: recorded }),
      error,
      ...failurePort(planned, error),
    })
    if (record.port === undefined) execution.fail(record)
    else context.settle(record)
  }
  if (definition.kind === 'trigger' || planned.settings.disabled) {
    context.settle(keep({ status: 'succeeded', port: firstPort(planned), output: input, inputHash }))
    return
  }
  if (definition.kind === 'note') return
  if (definition.kind === 'pure') {
    try {
      const params = evaluateParams(planned, execution.scope(input, { now: startedAt }))
      const inputs = given !== undefined && fired.length === 0 ? [{ from: '', port: '', value: given }] : fired
      const outcome = definition.run({ params: params as never, input, inputs, now: startedAt })
      context.settle(keep({ status: 'succeeded', port: outcome.port, output: outcome.output, inputHash }))
    } catch (thrown) {
      fail(stepErrorOf(thrown))
    }
    return
  }
  if (definition.kind === 'effect') {
    const prepared = prepare(planned, execution, input, startedAt)
    if (!prepared.ok) {
      fail(prepared.error)
      return
    }
    context.effect(id, planned, () => runEffect(execution, planned, definition, prepared.params, input, inputHash))
    return
  }
  try {
    beginControl(id, planned, definition, { context, input, inputHash, now: startedAt, keep })
  } catch (thrown) {
    fail(stepErrorOf(thrown))
  }
}

function prepare(
  planned: PlanNode,
  execution: Execution,
  input: Json,
  now: Date,
): { ok: true; params: Record<string, unknown> } | { ok: false; error: StepError } {
  try {
    return { ok: true, params: evaluateParams(planned, execution.scope(input, { now })) }
  } catch (thrown) {
    return { ok: false, error: stepErrorOf(thrown) }
  }
}

function runEffect(
  execution: Execution,
  planned: PlanNode,
  definition: EffectDefinition,
  params: Record<string, unknown>,
  input: Json,
  inputHash: string,
): Promise<AttemptsEnd> {
  return runAttempts(execution, {
    path: planned.node.id,
    planned,
    params,
    input,
    recorded: recordedParams(planned, params),
    inputHash,
    timeoutMs: planned.settings.timeoutMs,
    safe: definition.safe?.(params as Record<string, Json>) ?? false,
    atMostOnce: planned.settings.atMostOnce,
    failurePort: (error) => failurePort(planned, error),
  })
}

interface ControlCall {
  context: StepContext
  input: Json
  inputHash: string
  now: Date
  keep(record: Omit<StepRecord, 'startedAt' | 'durationUs' | 'path' | 'attempt'>): StepRecord
}

function beginControl(id: string, planned: PlanNode, definition: ControlDefinition, call: ControlCall): void {
  const { context, input, inputHash, now, keep } = call
  const { execution } = context
  const known = execution.recordOf(id)
  if (known?.status === 'waiting' && !isGate(definition.control)) {
    goOnWaiting(known, definition, planned, input, context)
    return
  }
  const params = evaluateParams(planned, execution.scope(input, { now }))
  const recorded = recordedParams(planned, params)
  switch (definition.control) {
    case 'wait': {
      const dueAt = controls.wait(params as never, now, execution.options.timeZone)
      if (dueAt <= now) {
        context.settle(keep({ status: 'succeeded', port: firstPort(planned), output: input, input: recorded, inputHash }))
        return
      }
      keep({ status: 'waiting', input: recorded, inputHash, retryAt: dueAt, wait: { kind: 'time', path: id, attempt: 1, dueAt } })
      context.wait({ kind: 'time', path: id, attempt: 1, dueAt })
      return
    }
    case 'approval': {
      const { task, dueAt, rule } = controls.approval(params as never, now)
      keep({
        status: 'waiting',
        input: recorded,
        inputHash,
        retryAt: dueAt,
        wait: { kind: 'approval', path: id, attempt: 1, dueAt, task, ...(rule ? { detail: rule } : {}) },
      })
      context.wait({ kind: 'approval', path: id, attempt: 1, dueAt })
      return
    }
    case 'respond': {
      const response = controls.respond(params as never, input)
      const body = storableJson(response.body)
      const output = body.ok ? body.value : null
      context.settle(
        keep({
          status: 'succeeded',
          port: firstPort(planned),
          input: recorded,
          output,
          inputHash,
          response: { ...response, body: output },
        }),
      )
      return
    }
    case 'stop': {
      const stop = controls.stop(params as never, input)
      const common = { input: recorded, inputHash }
      if (stop.end === 'succeeded') execution.fail(keep({ ...common, status: 'succeeded', output: stop.output }))
      else execution.fail(keep({ ...common, status: 'failed', error: stop.error }))
      return
    }
    case 'child': {
      const child = controls.child(params as never, input)
      context.effect(id, { ...planned, settings: { ...planned.settings, timeoutMs: shortMs } }, () =>
        startChild(execution, { path: id, planned, child, recorded, inputHash }),
      )
      return
    }
    case 'throttle':
    case 'debounce': {
      const { control } = definition
      context.effect(id, { ...planned, settings: { ...planned.settings, timeoutMs: shortMs } }, () =>
        passGate(execution, { path: id, planned, control, params, input, recorded, inputHash }),
      )
      return
    }
    case 'callback':
    case 'event': {
      const wait = controls[definition.control](params as never, { path: id, now })
      keep({ status: 'waiting', input: recorded, inputHash, ...(wait.dueAt ? { retryAt: wait.dueAt } : {}), wait })
      // A callback may come before its step.
      if (execution.settledWait(id, 1)) goOnWaiting(execution.recordOf(id) as StepRecord, definition, planned, input, context)
      else context.wait({ kind: wait.kind, path: id, attempt: 1, dueAt: wait.dueAt })
      return
    }
    case 'agent': {
      const task = controls.agent(params as never, input)
      context.effect(id, planned, () => runAgent(execution, { planned, task, input, recorded, inputHash }))
      return
    }
  }
}

/** The wait's row decides, so that a timer and a person cannot both win. */
function goOnWaiting(known: StepRecord, definition: ControlDefinition, planned: PlanNode, input: Json, context: StepContext): void {
  const { execution } = context
  const { path, attempt, retryAt } = known
  if (isLinked(definition.control)) {
    const end = goOnLinked(execution, { known, control: definition.control, planned, input })
    if (end.kind === 'settled') context.settle(end.record)
    else if (end.kind === 'failed') execution.fail(end.record)
    else context.wait(end.wait)
    return
  }
  const settled = execution.settledWait(path, attempt)
  const isTimer = definition.control === 'wait'
  const over = settled !== undefined || (isTimer && retryAt !== undefined && retryAt <= execution.host.now())
  if (!over) {
    context.wait({ kind: isTimer ? 'time' : 'approval', path, attempt, dueAt: retryAt ?? null })
    return
  }
  const waitedUs = Math.max(0, execution.host.now().getTime() - known.startedAt.getTime()) * 1_000
  const { retryAt: _due, ...rest } = known
  const outcome =
    isTimer || !settled
      ? { port: firstPort(planned), output: input }
      : decisionOf(settled, () => timeoutPortOf(planned, input, execution, known.startedAt))
  const record: StepRecord = { ...rest, status: 'succeeded', durationUs: waitedUs, ...outcome }
  execution.keep(record)
  context.settle(record)
}

function decisionOf({ settledBy, result }: SettledWait, timeoutPort: () => string): { port: string; output: Json } {
  if (settledBy === 'timer') return { port: timeoutPort(), output: { decision: 'timeout', comment: '', by: null, at: null } }
  const decision = typeof result === 'object' && result !== null && !Array.isArray(result) ? result.decision : null
  return { port: decision === 'approved' ? 'approved' : 'declined', output: result }
}

function timeoutPortOf(planned: PlanNode, input: Json, execution: Execution, now: Date): string {
  const params = evaluateParams(planned, execution.scope(input, { now }))
  return controls.approval(params as never, now).task.timeoutPort
}

function queueOf(planned: PlanNode): StepQueue {
  const { category } = planned.definition
  return category === 'ai' ? 'agents' : category === 'code' ? 'code' : 'default'
}
