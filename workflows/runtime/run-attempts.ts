import type { StepError } from '../nodes/errors'
import type { AttemptCall } from './attempt-call'
import type { Execution } from './execution'
import { isWorthAnotherTry, retryDelay } from './retry-delay'
import { storableJson } from './storable-json'
import type { HeldStep, PendingWait, PlanNode, StepRecord, StepResult } from './types'

/** What came of trying: settled for good, tried again later, or not started now. */
export type AttemptsEnd =
  | { kind: 'settled'; record: StepRecord }
  | { kind: 'failed'; record: StepRecord }
  | { kind: 'retry'; records: StepRecord[] }
  | { kind: 'later' }
/** A step may also begin to wait for something that is not its own next attempt. */
export type StepEnd = AttemptsEnd | { kind: 'waiting'; wait: PendingWait }

const visibleMs = 5_000

/** Runs an effect once, where its log says another attempt is due; what happened is in the buffer when this resolves. */
export async function runAttempts(execution: Execution, call: AttemptCall): Promise<AttemptsEnd> {
  const { host, buffer } = execution
  for (;;) {
    const last = execution.recordOf(call.path)
    const resumed = resume(execution, call, last)
    if (resumed) return resumed
    if (!execution.mayStart(call.frame)) return { kind: 'later' }
    const attempt = last ? (isOpen(last) ? last.attempt : last.attempt + 1) : 1
    const begun: StepRecord = {
      path: call.path,
      attempt,
      status: 'started',
      input: call.recorded,
      ...(call.inputHash ? { inputHash: call.inputHash } : {}),
      startedAt: host.now(),
      durationUs: 0,
    }
    if (!call.safe || call.atMostOnce || call.timeoutMs > visibleMs) {
      buffer.add(begun)
      execution.remember(begun)
    }
    if (!mayBeginEarly(call)) await buffer.flush()
    else if (!onlyComputes(call.planned)) buffer.send()
    // The write may have told of a cancel or pause; a `started` row of an effect that did not start is taken back.
    if (!execution.mayStart(call.frame)) {
      if (call.atMostOnce) takeBack(execution, begun)
      return { kind: 'later' }
    }
    const startedAt = host.now()
    const from = execution.monotonic()
    const result = await execution.executeWithin(call, attempt)
    if (result === 'aborted') return { kind: 'later' }
    const record = { ...begun, startedAt, durationUs: Math.max(0, Math.round((execution.monotonic() - from) * 1_000)) }
    const end = settle(execution, call, record, result)
    if (end.kind === 'retry' && end.records.every(({ status, retryAt }) => status === 'failed' && retryAt && retryAt <= host.now()))
      continue
    return end
  }
}

/** Nothing outside hears of such a step, so nothing has to be durable before it starts. */
export function onlyComputes({ definition }: PlanNode): boolean {
  return definition.kind === 'effect' && definition.computes === true
}

/**
 * What changes nothing outside begins while what came before is being written: if that is lost in a crash, both are done again and nobody
 * can tell. Its own record cannot be written before the other.
 */
function mayBeginEarly({ planned, safe, atMostOnce }: AttemptCall): boolean {
  return planned.definition.kind === 'effect' && (safe || onlyComputes(planned)) && !atMostOnce
}

/** Begun and not used up: it was cut short, or its call is held back. */
const isOpen = ({ status }: StepRecord) => status === 'started' || status === 'waiting'

/** What the log already says about this step; null when an attempt is due. */
function resume(execution: Execution, call: AttemptCall, last: StepRecord | undefined): AttemptsEnd | null {
  if (!last) return null
  if (last.status === 'succeeded' || (last.status === 'failed' && last.port !== undefined)) return { kind: 'settled', record: last }
  if (last.status === 'unknown') return { kind: 'failed', record: last }
  if (last.status === 'failed' && !last.retryAt) return { kind: 'failed', record: last }
  if (last.status === 'failed' && last.retryAt) {
    const due =
      execution.options.cancelling || last.retryAt <= execution.host.now() || execution.settledWait(call.path, last.attempt) !== undefined
    return due ? null : { kind: 'retry', records: [last] }
  }
  if (last.status === 'started' && call.atMostOnce && !execution.begunHere.has(call.path)) {
    const record: StepRecord = { ...last, status: 'unknown', error: unknownOutcome, durationUs: 0 }
    execution.keep(record)
    return { kind: 'failed', record }
  }
  return null
}

const unknownOutcome: StepError = {
  class: 'internal',
  code: 'step.unknown',
  message: 'The worker stopped while this step ran, so it is not known whether the other side did what it was asked.',
  hint: 'Look at the other side. If it did not happen, run again from this step; if it did, run again from the step after it.',
}

function takeBack(execution: Execution, begun: StepRecord): void {
  const record: StepRecord = {
    ...begun,
    status: 'failed',
    error: { class: 'transient', code: 'step.not_started', message: 'The run was stopped before this step began.' },
    retryAt: begun.startedAt,
  }
  execution.keep(record)
}

function settle(execution: Execution, call: AttemptCall, begun: StepRecord, given: StepResult): AttemptsEnd {
  const { host } = execution
  const result = checked(given)
  const extra = { ...(result.usage ? { usage: result.usage } : {}), ...(result.logs?.length ? { logs: result.logs } : {}) }
  if (result.ok) {
    const record: StepRecord = { ...begun, ...extra, status: 'succeeded', port: result.port, output: result.output }
    execution.keep(record)
    return { kind: 'settled', record }
  }
  const { error } = result
  if (result.held && mayWait(execution, call, error, result.held)) {
    const { until, why } = result.held
    const record: StepRecord = { ...begun, status: 'waiting', error: why, ...(until ? { retryAt: until } : {}) }
    execution.keep(record)
    return { kind: 'retry', records: [record] }
  }
  const failed: StepRecord = { ...begun, ...extra, status: 'failed', error }
  const asked = error.class === 'cancelled' ? null : retryDelay(call.planned.settings.retry, begun.attempt, error, () => host.random())
  // A run that is being cancelled waits for nothing.
  const delay = asked !== null && execution.options.cancelling ? 0 : asked
  if (delay !== null) {
    const retryAt = new Date(host.now().getTime() + delay)
    const wait = { kind: 'retry' as const, path: call.path, attempt: begun.attempt, dueAt: retryAt }
    const record: StepRecord = { ...failed, retryAt, ...(delay > 0 ? { wait } : {}) }
    execution.keep(record)
    return { kind: 'retry', records: [record] }
  }
  const record: StepRecord = { ...failed, ...call.failurePort(error) }
  execution.keep(record)
  return { kind: record.port === undefined ? 'failed' : 'settled', record }
}

/** What was sent is sent again only where another try is wanted, or where it was not even let in. */
function mayWait(execution: Execution, call: AttemptCall, error: StepError, { sent }: HeldStep): boolean {
  if (execution.options.cancelling) return false
  if (!sent) return true
  const { retry } = call.planned.settings
  return !call.atMostOnce && (error.class === 'unauthorized' || (retry.attempts > 1 && isWorthAnotherTry(retry, error)))
}

/** An executor's output must be a value that the log can keep. */
function checked(result: StepResult): StepResult {
  if (!result.ok) return result
  const stored = storableJson(result.output)
  if (stored.ok) return { ...result, output: stored.value }
  const { output: _output, ok: _ok, port: _port, ...rest } = result
  return { ...rest, ok: false, error: stored.error }
}
