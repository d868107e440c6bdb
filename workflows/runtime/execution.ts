import { contentHash } from '../graph/content-hash'
import type { Scope } from '../graph/expressions'
import type { Json } from '../graph/schema'
import { limits } from '../limits'
import { type ApartValues, createApartValues } from './apart-values'
import type { AttemptCall } from './attempt-call'
import { type Breakpoints, createBreakpoints } from './breakpoints'
import { abortersOf, type Frame, outputIn } from './frame'
import { createFrames, endsEarly, type Frames } from './frames'
import { createInputHasher, type InputHasher } from './input-hash'
import { nodeIdOf } from './node-id-of'
import { createStepBuffer, type StepBuffer } from './step-buffer'
import { stepErrorOf } from './step-error-of'
import type { ExecuteOptions, Host, Plan, PlanNode, RunFacts, SettledWait, StepLog, StepRecord, StepResult, StopReason } from './types'

/** Everything that one slice of a run knows and shares between its steps. */
export interface Execution {
  plan: Plan
  facts: RunFacts
  host: Host
  options: ExecuteOptions
  frames: Frames
  buffer: StepBuffer
  apart: ApartValues
  /** Effects and agents under way, by path, and values being read for a step. */
  flights: ReadonlyMap<string, Promise<void>>
  /** Puts one more under way. What breaks it breaks the slice. */
  fly(key: string, work: Promise<void>): void
  /** What broke, if something did. */
  readonly broken: unknown
  /** Something is to go on in a later slice by itself. */
  unfinished: boolean
  hasher: InputHasher
  /** Where a test is held; null for everything else. */
  breakpoints: Breakpoints | null
  hash(value: Json): string
  monotonic(): number
  /** False when the slice is over, what the step is part of ends, or somebody stops the run. */
  mayStart(frame: Frame): boolean
  stopReason(): StopReason | null
  /** Paths that earlier slices recorded. */
  earlierPaths(): Iterable<string>
  /** Newest attempt of a path, this slice's included. */
  recordOf(path: string): StepRecord | undefined
  remember(record: StepRecord): void
  /** Remembers and buffers for the next write. */
  keep(record: StepRecord): void
  begunHere: ReadonlySet<string>
  settledWait(path: string, attempt: number): SettledWait | undefined
  /**
   * What the expressions of a node see: of other steps those that it reads. `now` is the moment the step began, the same in all its
   * fields; it is recorded as the step's start.
   */
  scope(frame: Frame, planned: Pick<PlanNode, 'reads'>, input: Json, more?: { ai?: Readonly<Record<string, Json>>; now?: Date }): Scope
  /** One attempt with its time limit; `aborted` when the run was taken away meanwhile. */
  executeWithin(call: AttemptCall, attempt: number): Promise<StepResult | 'aborted'>
  /** Aborts everything in flight. */
  abort(): void
  sliceIsOver(): boolean
  /** Something begins or goes on that the log has no end of: from here on the slice counts. */
  caughtUp(): void
  /** Nothing new is started in this slice. */
  endSlice(): void
}

export function createExecution(plan: Plan, log: StepLog, facts: RunFacts, host: Host, options: ExecuteOptions): Execution {
  const monotonic = options.monotonic ?? (() => performance.now())
  const hash = options.hash ?? contentHash
  /** Null while it comes back to where it was: that may take longer than a slice, and must not be all that is ever done. */
  let began: number | null = null
  let broken: unknown
  let over = false
  const sliceMs = options.sliceMs ?? limits.sliceMs
  const buffer = createStepBuffer(host, monotonic, (written) => execution.apart.written(written))
  const flights = new Map<string, Promise<void>>()
  /** What happened in this slice; the log itself is not copied. */
  const records = new Map<string, StepRecord>()
  const begunHere = new Set<string>()
  const settledWaits = new Map((options.settled ?? []).map((wait) => [`${wait.path}#${wait.attempt}`, wait]))
  const keys = Object.fromEntries([...plan.nodes].map(([id, planned]) => [id, planned.node.key]))
  const aborter = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, aborter.signal]) : aborter.signal
  const { callbackUrl } = facts
  const hasCallbacks = [...plan.nodes.values()].some(({ definition }) => definition.kind === 'control' && definition.control === 'callback')
  const run: { [key: string]: Json } = {
    id: facts.id,
    workflow: { id: facts.workflow.id, name: facts.workflow.name, version: facts.workflow.version },
    trigger: facts.trigger.kind,
    startedAt: facts.startedAt.toISOString(),
    ...(facts.baseUrl === undefined ? {} : { baseUrl: facts.baseUrl }),
  }

  const execution: Execution = {
    plan,
    facts,
    host,
    options,
    buffer,
    flights,
    fly(key, work) {
      const flight = work
        .catch((error) => {
          broken ??= error ?? new Error('a step broke')
        })
        .finally(() => flights.delete(key))
      flights.set(key, flight)
    },
    get broken() {
      return broken
    },
    unfinished: false,
    apart: createApartValues({
      plan,
      stored: host.stored,
      resumed: log.size > 0,
      frameAt: (prefix) => execution.frames.at(prefix),
      isInFlight: (path) => flights.has(path),
    }),
    breakpoints: null,
    hasher: createInputHasher({ hash, trigger: facts.trigger.data, variables: facts.variables }),
    frames: createFrames({
      recordOf: (path) => execution.recordOf(path),
      keep: (record) => execution.keep(record),
      forget: (paths) => {
        for (const path of paths) {
          records.delete(path)
          begunHere.delete(path)
        }
      },
      left: (frame, id) => execution.apart.left(frame, id),
      stoppedBefore: () => firstStop(plan, log),
    }),
    hash,
    monotonic,
    sliceIsOver: () => over || (began !== null && monotonic() - began >= sliceMs),
    caughtUp() {
      began ??= monotonic()
    },
    endSlice() {
      over = true
    },
    mayStart: (frame) => !frame.draining && execution.stopReason() === null && !execution.sliceIsOver() && !signal.aborted,
    stopReason: () => buffer.stopped ?? (execution.breakpoints?.isLeft ? 'cancelled' : null) ?? options.stopping?.() ?? null,
    earlierPaths: () => log.keys(),
    recordOf: (path) => records.get(path) ?? log.get(path),
    remember(record) {
      records.set(record.path, record)
      if (record.status === 'started') begunHere.add(record.path)
    },
    keep(record) {
      execution.remember(record)
      buffer.add(record)
    },
    begunHere,
    settledWait: (path, attempt) => settledWaits.get(`${path}#${attempt}`),
    scope: (frame, planned, input, { ai, now } = {}) => ({
      input,
      trigger: facts.trigger.data,
      steps: frame.parent ? readsOf(frame, planned) : frame.flow.outputs,
      vars: facts.variables,
      run:
        callbackUrl && hasCallbacks
          ? { ...run, callbacks: callbacksOf(frame, callbackUrl) }
          : callbackUrl
            ? { ...run, callbacks: {} }
            : run,
      ...(frame.item === undefined ? {} : { item: frame.item }),
      ...(frame.index === undefined ? {} : { index: frame.index }),
      now: now ?? host.now(),
      keys,
      ...(ai ? { ai } : {}),
      ...(options.timeZone ? { timeZone: options.timeZone } : {}),
    }),
    executeWithin: (call, attempt) => executeWithin(execution, call, attempt, signal),
    abort: () => aborter.abort(new Error('the run was taken away')),
  }
  // What cleans up after a cancelled run is not held.
  if (!options.cancelling) execution.breakpoints = createBreakpoints(execution, options.settled ?? [])
  return execution
}

/** The step that ended the run well, if one did; looked for only where one could. */
function firstStop(plan: Plan, log: StepLog): StepRecord | undefined {
  const mayStop = [...plan.nodes.values()].some(({ definition }) => definition.kind === 'control' && definition.control === 'stop')
  if (!mayStop) return undefined
  let first: StepRecord | undefined
  for (const record of log.values()) {
    if (record.status !== 'succeeded' || record.port !== undefined || (first && first.startedAt <= record.startedAt)) continue
    if (endsEarly(plan.nodes.get(nodeIdOf(record.path, plan)), record)) first = record
  }
  return first
}

function readsOf(frame: Frame, { reads }: Pick<PlanNode, 'reads'>): Record<string, Json> {
  const steps: Record<string, Json> = Object.create(null)
  for (const id of reads) {
    const found = outputIn(frame, id)
    if (found) steps[id] = found.value
  }
  return steps
}

/** Where the steps that wait for a call are called back: for those inside a container, of this item. */
function callbacksOf(frame: Frame, urlOf: (path: string) => string): Json {
  const found: Record<string, Json> = {}
  for (let at: Frame | null = frame; at; at = at.parent) {
    for (const id of at.scope.order) {
      const planned = at.scope.nodes.get(id)
      if (planned?.definition.kind !== 'control' || planned.definition.control !== 'callback') continue
      found[planned.node.key] ??= urlOf(at.prefix + id)
    }
  }
  return found
}

/** The trigger that started the run; a run without one starts at the first trigger. */
export function startOf(plan: Plan, facts: RunFacts): string | null {
  if (facts.trigger.nodeId !== null) return facts.trigger.nodeId
  return plan.order.find((id) => plan.nodes.get(id)?.definition.kind === 'trigger') ?? null
}

/** An executor that does not stop when told is left behind after this. */
const graceMs = 500

async function executeWithin(
  execution: Execution,
  call: AttemptCall,
  attempt: number,
  wholeRun: AbortSignal,
): Promise<StepResult | 'aborted'> {
  const { facts, host } = execution
  const { frame } = call
  const aborters = abortersOf(frame)
  const runSignal = aborters.length > 0 ? AbortSignal.any([wholeRun, ...aborters]) : wholeRun
  const limit = new AbortController()
  let leave: (result: StepResult | 'aborted') => void = () => {}
  const left = new Promise<StepResult | 'aborted'>((resolve) => {
    leave = resolve
  })
  const timedOut: StepResult = {
    ok: false,
    error: {
      class: 'timeout',
      code: 'step.timeout',
      message: `This step took longer than ${call.timeoutMs / 1_000} s.`,
      hint: 'Allow it more time in its settings, or ask for less.',
    },
  }
  const timers: ReturnType<typeof setTimeout>[] = []
  timers.push(
    setTimeout(() => {
      limit.abort(new DOMException('the step took too long', 'TimeoutError'))
      timers.push(setTimeout(() => leave(timedOut), graceMs))
    }, call.timeoutMs),
  )
  const onAbort = () => timers.push(setTimeout(() => leave('aborted'), graceMs))
  if (runSignal.aborted) onAbort()
  else runSignal.addEventListener('abort', onAbort, { once: true })
  try {
    const working = host
      .execute({
        path: call.path,
        node: call.planned,
        attempt,
        params: call.params,
        input: call.input,
        stepKey: stepKeyOf(facts, call),
        timeoutMs: call.timeoutMs,
        signal: AbortSignal.any([runSignal, limit.signal]),
        scope: {
          trigger: facts.trigger.data,
          vars: facts.variables,
          ...(frame.item === undefined ? {} : { item: frame.item }),
          ...(frame.index === undefined ? {} : { index: frame.index }),
        },
      })
      .catch((thrown): StepResult => ({ ok: false, error: stepErrorOf(thrown) }))
    const result = await Promise.race([working, left])
    if (result === 'aborted') return result
    if (!result.ok && runSignal.aborted) return 'aborted'
    if (!result.ok && limit.signal.aborted && result !== timedOut) return { ...result, error: timedOut.error }
    return result
  } finally {
    for (const timer of timers) clearTimeout(timer)
    runSignal.removeEventListener('abort', onAbort)
  }
}

/** The same for every try of the same work, also in a replay and where an item's whole body is tried again. */
function stepKeyOf(facts: RunFacts, { frame, path, item }: AttemptCall): string {
  const items = [...frame.items, ...(item === undefined ? [] : [item])]
  return `${facts.rootId}/${path.slice(frame.prefix.length)}/${items.length > 0 ? items.join('.') : 0}/${facts.generation}`
}
