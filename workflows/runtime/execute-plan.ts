import type { Json } from '../graph/schema'
import { controls } from '../nodes/controls'
import type { ControlDefinition, EffectDefinition, NodeOutcome } from '../nodes/define'
import type { StepError } from '../nodes/errors'
import type { AttemptCall } from './attempt-call'
import { createContainer } from './containers/create-container'
import { evaluateParams, mayRun, recordedParams } from './evaluate-params'
import { createExecution, type Execution, startOf } from './execution'
import { failurePort, firstPort } from './failure-port'
import { startsWithFirst } from './flow-state'
import type { Frame, FrameEnd } from './frame'
import type { ReadyStep } from './frames'
import { keptKeyOf, takeOrKeep } from './kept-result'
import { nodeIdOf } from './node-id-of'
import { runAgent } from './run-agent'
import { type AttemptsEnd, runAttempts, type StepEnd } from './run-attempts'
import { isGate, passGate } from './run-gate'
import { goOnLinked, isLinked, startChild } from './run-linked'
import { runOutput } from './run-output'
import { stepErrorOf } from './step-error-of'
import { storableJson } from './storable-json'
import type {
  ExecuteOptions,
  Host,
  KeptKey,
  Plan,
  PlanNode,
  PlanOutcome,
  RunFacts,
  SettledWait,
  StepLog,
  StepQueue,
  StepRecord,
} from './types'

/** A slice that blocks signals begins no step that may take longer. */
const quickMs = 5_000
const defaultConcurrency = 20

export function isQuick({ settings }: PlanNode): boolean {
  return settings.timeoutMs <= quickMs
}

/**
 * Runs every node that is ready until nothing more can run now or the slice is over. What the log says happened does not happen
 * again; what happens is recorded through the host before anything that stands on it may change something outside. Throws only what
 * the host's `record` throws (fenced, database away): then nothing in flight is left.
 */
export async function executePlan(
  plan: Plan,
  log: StepLog,
  facts: RunFacts,
  host: Host,
  options: ExecuteOptions = {},
): Promise<PlanOutcome> {
  const execution = createExecution(plan, log, facts, host, options)
  const { frames, buffer, flights, apart } = execution
  let begun = 0
  let queue: { queue: StepQueue; timeoutMs: number } | null = null
  const end: { of: FrameEnd | null } = { of: null }

  const later = ({ frame, id }: ReadyStep) => {
    // What its frame lets go of is not gone on with.
    if (!frame.draining) execution.unfinished = true
    frames.rest(frame, id)
  }
  const launch = (step: ReadyStep, work: Promise<StepEnd>) => {
    execution.fly(
      step.frame.prefix + step.id,
      work.then((end) => land(step, end)),
    )
  }
  const land = (step: ReadyStep, end: StepEnd) => {
    const { frame, id } = step
    if (end.kind === 'settled') frames.settle(frame, id, end.record)
    else if (end.kind === 'failed') frames.fail(frame, id, end.record)
    else if (end.kind === 'later') later(step)
    else if (end.kind === 'waiting') frames.rest(frame, id, [end.wait])
    else
      frames.rest(
        frame,
        id,
        end.records.map(({ path, attempt, retryAt, status, error }) => {
          const wait = { path, attempt, dueAt: retryAt ?? null }
          return status === 'waiting' ? { kind: 'circuit', ...wait, ...(error ? { error } : {}) } : { kind: 'retry', ...wait }
        }),
      )
  }

  const context: StepContext = {
    execution,
    effect(step, planned, work) {
      if (options.fits && !options.fits(planned)) {
        if (!queue || queue.timeoutMs < planned.settings.timeoutMs)
          queue = { queue: queueOf(planned), timeoutMs: planned.settings.timeoutMs }
        frames.rest(step.frame, step.id)
        return
      }
      launch(step, work())
    },
  }

  const begin = (step: ReadyStep) => {
    if (!apart.any || apart.isHere(step)) {
      beginStep(step, context)
      return
    }
    const key = `${step.frame.prefix}${step.id}#values`
    const work = apart.bring(step).then((whole) => {
      if (!whole) lose(execution, step)
      else if (execution.stopReason() === null && frames.mayBegin(step)) beginStep(step, context)
      else later(step)
      apart.begun(step)
    })
    execution.fly(key, work)
  }

  const root = frames.open({
    prefix: '',
    parent: null,
    scope: plan,
    input: null,
    draining: options.cancelling === true,
    flow: {
      startId: startOf(plan, facts),
      ...(options.only ? { only: options.only } : {}),
      ...(options.inputs ? { inputs: options.inputs } : {}),
    },
    onEnd: (how) => {
      end.of = how
    },
  })

  try {
    for (;;) {
      while (!execution.broken && end.of === null && execution.stopReason() === null) {
        if (flights.size >= (options.concurrency ?? defaultConcurrency)) break
        if (begun > 0 && execution.sliceIsOver()) {
          execution.unfinished ||= frames.hasNext()
          break
        }
        const step = frames.next()
        if (step === undefined) break
        begun += 1
        if (!isEnteredAgain(execution, step)) execution.caughtUp()
        begin(step)
        if (buffer.size > 0 && buffer.restMs() === 0) await buffer.flush()
      }
      if (execution.broken) throw execution.broken
      if (flights.size === 0) {
        execution.unfinished ||= execution.breakpoints !== null && frames.hasNext()
        if (execution.breakpoints?.turn(execution.unfinished || queue !== null || execution.stopReason() !== null)) continue
        // What stopped it may be over when the last write has ended: the rest goes on in a later slice.
        execution.unfinished ||= frames.hasNext()
        break
      }
      await nextLanding(flights, buffer)
      if (buffer.size > 0 && buffer.restMs() === 0) await buffer.flush()
    }
    if (options.keepRest) {
      await buffer.sent()
      const outcome = outcomeOf(execution, { root, ended: end.of, queue })
      if (outcome.kind === 'succeeded' || outcome.kind === 'failed') {
        options.keepRest(buffer.takeRest())
        return outcome
      }
    }
    await buffer.flush()
  } catch (error) {
    execution.abort()
    await Promise.allSettled([...flights.values(), buffer.sent()])
    throw error
  }
  return outcomeOf(execution, { root, ended: end.of, queue })
}

/** A container that had begun: what stands in it is where it goes on. */
function isEnteredAgain(execution: Execution, { frame, id }: ReadyStep): boolean {
  const { sections, each } = frame.scope.nodes.get(id) as PlanNode
  return (sections.length > 0 || each !== undefined) && execution.recordOf(frame.prefix + id)?.status === 'started'
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
  state: { root: Frame; ended: FrameEnd | null; queue: { queue: StepQueue; timeoutMs: number } | null },
): PlanOutcome {
  const { plan, host, options } = execution
  const { root, ended } = state
  const stopped = execution.stopReason()
  if (stopped === 'cancelled' || (ended && options.cancelling)) return { kind: 'stopped', reason: 'cancelled' }
  const early = execution.frames.stopped()
  if (ended && early) return { kind: 'succeeded', output: early.output ?? null }
  if (ended?.kind === 'failed') return failed(plan, ended.record)
  if (stopped) return { kind: 'stopped', reason: stopped }
  if (ended?.kind === 'done') return { kind: 'succeeded', output: ended.output }
  if (state.queue) return { kind: 'queue', ...state.queue }
  if (execution.unfinished) return { kind: 'more' }
  const waits = [...execution.frames.waits.values()]
  if (waits.length > 0) {
    const dues = waits.flatMap((wait) => (wait.dueAt && wait.kind !== 'circuit' ? [wait.dueAt.getTime()] : []))
    const until = dues.length > 0 ? new Date(Math.min(...dues)) : null
    // What only its row may decide is settled when the run is taken as a waiting one.
    if (waits.some(({ kind, dueAt }) => (kind === 'time' || kind === 'retry') && dueAt && dueAt <= host.now())) return { kind: 'more' }
    return { kind: 'waiting', until, waits }
  }
  if (options.only) return { kind: 'succeeded', output: runOutput(plan, root.flow) }
  // Whatever a run waits for has a name: one that waits for nothing is a defect of ours, said rather than left hanging.
  return { kind: 'failed', error: stepErrorOf(null), path: '', nodeTitle: '' }
}

function failed(plan: Plan, record: StepRecord): PlanOutcome {
  const { path: inside, ...error } = record.error ?? stepErrorOf(null)
  const path = inside ?? record.path
  const node = plan.nodes.get(nodeIdOf(path, plan))
  return { kind: 'failed', error, path, nodeTitle: node?.node.title ?? path }
}

interface StepContext {
  execution: Execution
  /** Starts an effect, unless it is too long for this slice. */
  effect(step: ReadyStep, planned: PlanNode, work: () => Promise<StepEnd>): void
}

/** What it reads was stored apart and is gone. */
function lose({ host, keep, frames }: Execution, { frame, id }: ReadyStep): void {
  const record: StepRecord = { path: frame.prefix + id, attempt: 1, status: 'failed', error: lost, startedAt: host.now(), durationUs: 0 }
  keep(record)
  frames.fail(frame, id, record)
}

const lost: StepError = {
  class: 'internal',
  code: 'value.lost',
  message: 'A large value that this step reads is not in the database any more.',
  hint: 'Run again from the step that made it.',
}

/** Does what a ready node means: at once where it only computes, as a flight where it touches the world. */
function beginStep(step: ReadyStep, context: StepContext): void {
  const { frame, id } = step
  const { execution } = context
  const { frames, host, facts, hasher } = execution
  const { flow } = frame
  const planned = frame.scope.nodes.get(id) as PlanNode
  const path = frame.prefix + id
  const { definition } = planned
  const startedAt = host.now()
  const from = execution.monotonic()
  const keep: ControlCall['keep'] = (record) => {
    const kept: StepRecord = {
      path,
      attempt: 1,
      startedAt,
      durationUs: Math.max(0, Math.round((execution.monotonic() - from) * 1_000)),
      ...record,
    }
    execution.keep(kept)
    return kept
  }
  if (flow.isSkipped(id)) {
    const skipped: StepRecord = { path, attempt: 1, status: 'skipped', startedAt, durationUs: 0 }
    if (flow.isReachable(id)) execution.keep(skipped)
    frames.settle(frame, id, skipped)
    return
  }
  const arrived = flow.fired(planned)
  // What it goes on with is one of them, by which alone a run that is run again can tell that nothing changed.
  const fired = startsWithFirst(planned) ? arrived.slice(0, 1) : arrived
  const replayed = facts.stepInputs && Object.hasOwn(facts.stepInputs, path) ? facts.stepInputs[path] : undefined
  const changed = execution.breakpoints?.changed(step)
  const edited = changed === undefined ? replayed : changed
  const given = edited !== undefined || frame.parent ? edited : execution.options.inputs?.get(id)
  const fallback = frame.parent ? frame.input : null
  const input: Json = definition.kind === 'trigger' ? facts.trigger.data : given !== undefined ? given : (fired[0]?.value ?? fallback)
  const inputHash = hasher.of(frame, planned, edited === undefined ? fired : [], input)
  const fail = (error: StepError) => {
    const record = keep({ status: 'failed', inputHash, error, ...failurePort(planned, error) })
    if (record.port === undefined) frames.fail(frame, id, record)
    else frames.settle(frame, id, record)
  }
  const pass = (why?: string) => {
    const logs = why === undefined ? {} : { logs: [{ at: startedAt.toISOString(), level: 'info' as const, text: why }] }
    frames.settle(frame, id, keep({ status: 'succeeded', port: firstPort(planned), output: input, inputHash, ...logs }))
  }
  if (definition.kind === 'trigger' || planned.settings.disabled) {
    pass()
    return
  }
  if (definition.kind === 'note') return
  if (execution.breakpoints?.catches(step, input)) return
  let computed: NodeOutcome
  try {
    const scope = execution.scope(frame, planned, input, { now: startedAt })
    const isUnderWay = execution.recordOf(path) !== undefined
    if (!isUnderWay && !mayRun(planned, scope)) {
      pass('Passed on: its condition did not hold.')
      return
    }
    if (planned.each) {
      enterContainer(step, { context, planned, input, inputHash })
      return
    }
    if (definition.kind === 'pure') {
      const params = evaluateParams(planned, scope)
      const inputs =
        fired.length > 0 && edited === undefined
          ? fired
          : given !== undefined || frame.parent
            ? [{ from: '', port: '', value: input }]
            : fired
      computed = definition.run({ params: params as never, input, inputs, now: startedAt })
    } else if (definition.kind === 'effect') {
      const params = evaluateParams(planned, scope)
      const key = keptKeyOf(execution, planned, { scope, params, input })
      context.effect(step, planned, () => runEffect(execution, step, planned, { definition, params, input, inputHash, key }))
      return
    } else {
      beginControl(step, planned, definition, { context, input, inputHash, now: startedAt, keep })
      return
    }
  } catch (thrown) {
    fail(stepErrorOf(thrown))
    return
  }
  frames.settle(frame, id, keep({ status: 'succeeded', port: computed.port, output: computed.output, inputHash }))
}

function runEffect(
  execution: Execution,
  { frame, id }: ReadyStep,
  planned: PlanNode,
  effect: { definition: EffectDefinition; params: Record<string, unknown>; input: Json; inputHash: string; key: KeptKey | null },
): Promise<AttemptsEnd> {
  const { definition, params, input, inputHash, key } = effect
  const call: AttemptCall = {
    frame,
    path: frame.prefix + id,
    planned,
    params,
    input,
    recorded: recordedParams(planned, params),
    inputHash,
    timeoutMs: planned.settings.timeoutMs,
    safe: definition.safe?.(params as Record<string, Json>) ?? false,
    atMostOnce: planned.settings.atMostOnce,
    failurePort: (error) => failurePort(planned, error),
  }
  const work = () => runAttempts(execution, call)
  return key ? takeOrKeep(execution, call, key, work) : work()
}

interface ControlCall {
  context: StepContext
  input: Json
  inputHash: string
  now: Date
  keep(record: Omit<StepRecord, 'startedAt' | 'durationUs' | 'path' | 'attempt'>): StepRecord
}

function beginControl(step: ReadyStep, planned: PlanNode, definition: ControlDefinition, call: ControlCall): void {
  const { frame, id } = step
  const { context, input, inputHash, now, keep } = call
  const { execution } = context
  const { frames } = execution
  const path = frame.prefix + id
  const known = execution.recordOf(path)
  if (known?.status === 'waiting' && !isGate(definition.control)) {
    goOnWaiting(step, known, { definition, planned, input, execution })
    return
  }
  if (definition.body) {
    enterContainer(step, { context, planned, input, inputHash })
    return
  }
  const params = evaluateParams(planned, execution.scope(frame, planned, input, { now }))
  const recorded = recordedParams(planned, params)
  switch (definition.control) {
    case 'wait': {
      const dueAt = controls.wait(params as never, now, execution.options.timeZone)
      if (dueAt <= now) {
        frames.settle(frame, id, keep({ status: 'succeeded', port: firstPort(planned), output: input, input: recorded, inputHash }))
        return
      }
      keep({ status: 'waiting', input: recorded, inputHash, retryAt: dueAt, wait: { kind: 'time', path, attempt: 1, dueAt } })
      frames.rest(frame, id, [{ kind: 'time', path, attempt: 1, dueAt }])
      return
    }
    case 'approval': {
      const { task, dueAt, rule } = controls.approval(params as never, now)
      keep({
        status: 'waiting',
        input: recorded,
        inputHash,
        retryAt: dueAt,
        wait: { kind: 'approval', path, attempt: 1, dueAt, task, ...(rule ? { detail: rule } : {}) },
      })
      frames.rest(frame, id, [{ kind: 'approval', path, attempt: 1, dueAt }])
      return
    }
    case 'respond': {
      const response = controls.respond(params as never, input)
      const body = storableJson(response.body)
      const output = body.ok ? body.value : null
      const record = keep({
        status: 'succeeded',
        port: firstPort(planned),
        input: recorded,
        output,
        inputHash,
        response: { ...response, body: output },
      })
      frames.settle(frame, id, record)
      return
    }
    case 'stop': {
      const stop = controls.stop(params as never, input)
      const common = { input: recorded, inputHash }
      if (stop.end === 'succeeded') frames.stop(frame, id, keep({ ...common, status: 'succeeded', output: stop.output }))
      else frames.fail(frame, id, keep({ ...common, status: 'failed', error: stop.error }))
      return
    }
    case 'child': {
      const child = controls.child(params as never, input)
      context.effect(step, { ...planned, settings: { ...planned.settings, timeoutMs: quickMs } }, () =>
        startChild(execution, { frame, path, planned, child, recorded, inputHash }),
      )
      return
    }
    case 'throttle':
    case 'debounce': {
      const { control } = definition
      context.effect(step, { ...planned, settings: { ...planned.settings, timeoutMs: quickMs } }, () =>
        passGate(execution, { frame, path, planned, control, params, input, recorded, inputHash }),
      )
      return
    }
    case 'callback':
    case 'event': {
      const wait = controls[definition.control](params as never, { path, now })
      keep({ status: 'waiting', input: recorded, inputHash, ...(wait.dueAt ? { retryAt: wait.dueAt } : {}), wait })
      // A callback may come before its step.
      if (execution.settledWait(path, 1))
        goOnWaiting(step, execution.recordOf(path) as StepRecord, { definition, planned, input, execution })
      else frames.rest(frame, id, [{ kind: wait.kind, path, attempt: 1, dueAt: wait.dueAt }])
      return
    }
    case 'agent': {
      const task = controls.agent(params as never, input)
      context.effect(step, planned, () => runAgent(execution, { frame, path, planned, task, input, recorded, inputHash }))
      return
    }
  }
}

function enterContainer({ frame, id }: ReadyStep, call: { context: StepContext; planned: PlanNode; input: Json; inputHash: string }): void {
  const { execution } = call.context
  const run = createContainer(execution, { frame, id, planned: call.planned, input: call.input, inputHash: call.inputHash })
  execution.frames.enter(frame, id, run)
}

/** The wait's row decides, so that a timer and a person cannot both win. */
function goOnWaiting(
  { frame, id }: ReadyStep,
  known: StepRecord,
  call: { definition: ControlDefinition; planned: PlanNode; input: Json; execution: Execution },
): void {
  const { definition, planned, input, execution } = call
  const { frames } = execution
  const { path, attempt, retryAt } = known
  if (isLinked(definition.control)) {
    const end = goOnLinked(execution, { frame, known, control: definition.control, planned, input })
    if (end.kind === 'settled') frames.settle(frame, id, end.record)
    else if (end.kind === 'failed') frames.fail(frame, id, end.record)
    else frames.rest(frame, id, [end.wait])
    return
  }
  const settled = execution.settledWait(path, attempt)
  const isTimer = definition.control === 'wait'
  const over = settled !== undefined || (isTimer && retryAt !== undefined && retryAt <= execution.host.now())
  if (!over) {
    frames.rest(frame, id, [{ kind: isTimer ? 'time' : 'approval', path, attempt, dueAt: retryAt ?? null }])
    return
  }
  const waitedUs = Math.max(0, execution.host.now().getTime() - known.startedAt.getTime()) * 1_000
  const { retryAt: _due, ...rest } = known
  const timeoutPort = () => {
    const params = evaluateParams(planned, execution.scope(frame, planned, input, { now: known.startedAt }))
    return controls.approval(params as never, known.startedAt).task.timeoutPort
  }
  const outcome = isTimer || !settled ? { port: firstPort(planned), output: input } : decisionOf(settled, timeoutPort)
  const record: StepRecord = { ...rest, status: 'succeeded', durationUs: waitedUs, ...outcome }
  execution.keep(record)
  frames.settle(frame, id, record)
}

function decisionOf({ settledBy, result }: SettledWait, timeoutPort: () => string): { port: string; output: Json } {
  if (settledBy === 'timer') return { port: timeoutPort(), output: { decision: 'timeout', comment: '', by: null, at: null } }
  const decision = typeof result === 'object' && result !== null && !Array.isArray(result) ? result.decision : null
  return { port: decision === 'approved' ? 'approved' : 'declined', output: result }
}

/** Where an effect's slice is to run. */
export function queueOf({ definition }: PlanNode): StepQueue {
  return definition.kind === 'effect' || definition.kind === 'control' ? (definition.queue ?? 'default') : 'default'
}
