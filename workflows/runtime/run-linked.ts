import type { Json, Retry } from '../graph/schema'
import type { StepError } from '../nodes/errors'
import type { ChildParams } from '../nodes/flow-sub-workflow/child'
import { evaluateParams } from './evaluate-params'
import type { Execution } from './execution'
import { failurePort, firstPort } from './failure-port'
import type { Frame } from './frame'
import { retryDelay } from './retry-delay'
import type { StepEnd } from './run-attempts'
import { storableJson } from './storable-json'
import type { ChildEnd, PlanNode, SettledWait, StepRecord } from './types'

/** Controls whose end comes from another run or from outside, through the row of their wait. */
const linked = new Set(['child', 'callback', 'event'] as const)
type Linked = typeof linked extends Set<infer Kind> ? Kind : never

export function isLinked(control: string): control is Linked {
  return (linked as ReadonlySet<string>).has(control)
}

type LinkedEnd = Exclude<StepEnd, { kind: 'retry' } | { kind: 'later' }>

/** Starts the other workflow, or tries it again; where it is not waited for, that is all. */
export async function startChild(
  execution: Execution,
  call: { frame: Frame; path: string; planned: PlanNode; child: ChildParams; recorded: Json; inputHash: string },
): Promise<StepEnd> {
  const { host, buffer } = execution
  const { path, planned, child } = call
  const last = execution.recordOf(path)
  // What this attempt waited for was the other run, and that has ended: the time of the next one is not over by it.
  if (last?.status === 'failed' && last.retryAt && last.retryAt > host.now()) {
    return { kind: 'waiting', wait: { kind: 'retry', path, attempt: last.attempt, dueAt: last.retryAt } }
  }
  await buffer.flush()
  if (!execution.mayStart(call.frame)) return { kind: 'later' }
  const attempt = last ? last.attempt + 1 : 1
  const startedAt = host.now()
  // What the catalogue allows an attempt is for work in this run; another run takes as long as it takes.
  const { timeoutMs } = planned.node.settings
  const dueAt = child.wait && timeoutMs !== undefined ? new Date(startedAt.getTime() + timeoutMs) : null
  const begun: StepRecord = { path, attempt, status: 'waiting', input: call.recorded, inputHash: call.inputHash, startedAt, durationUs: 0 }
  const input = storableJson(child.input)
  const started = input.ok
    ? await host.startChild?.({
        path,
        attempt,
        workflowId: child.workflowId,
        version: child.version,
        input: input.value,
        wait: child.wait,
        ...(dueAt ? { dueAt } : {}),
      })
    : { ok: false as const, error: input.error }
  if (!started?.ok) return failed(execution, planned, begun, started?.error ?? unavailable)
  if (!child.wait) {
    const output = { runId: started.runId, workflowId: child.workflowId }
    return succeeded(execution, begun, { port: firstPort(planned), output })
  }
  const settled = execution.settledWait(path, attempt)
  if (settled) {
    execution.keep(begun)
    return endOfChild(execution, planned, begun, settled)
  }
  execution.keep({ ...begun, ...(dueAt ? { retryAt: dueAt } : {}) })
  return { kind: 'waiting', wait: { kind: 'child', path, attempt, dueAt } }
}

/** A step that waits for another run or for the outside: its wait's row decides. */
export function goOnLinked(
  execution: Execution,
  call: { frame: Frame; known: StepRecord; control: Linked; planned: PlanNode; input: Json },
): LinkedEnd {
  const { known, control, planned } = call
  const { path, attempt, retryAt } = known
  const settled = execution.settledWait(path, attempt)
  if (!settled) return { kind: 'waiting', wait: { kind: control, path, attempt, dueAt: retryAt ?? null } }
  const { retryAt: _due, ...rest } = known
  const waited = { ...rest, durationUs: Math.max(0, execution.host.now().getTime() - known.startedAt.getTime()) * 1_000 }
  if (control === 'child') return endOfChild(execution, planned, waited, settled)
  if (settled.settledBy !== 'timer') return succeeded(execution, waited, { port: firstPort(planned), output: settled.result })
  const { onTimeout } = evaluateParams(planned, execution.scope(call.frame, planned, call.input, { now: known.startedAt })) as {
    onTimeout: 'fail' | 'timeout'
  }
  if (onTimeout === 'timeout') return succeeded(execution, waited, { port: 'timeout', output: call.input })
  return failed(execution, planned, waited, timedOut[control], null)
}

function endOfChild(execution: Execution, planned: PlanNode, begun: StepRecord, settled: SettledWait): LinkedEnd {
  if (settled.settledBy === 'timer') return failed(execution, planned, begun, tookTooLong(planned))
  const end = settled.result as unknown as ChildEnd
  if (end.status === 'succeeded') return succeeded(execution, begun, { port: firstPort(planned), output: end.output ?? null })
  return failed(execution, planned, begun, errorOfChild(end))
}

/** Also what tells the host that nobody waits for the other run any more. */
export const childTimeout = 'child.timeout'

function tookTooLong({ node }: PlanNode): StepError {
  return {
    class: 'timeout',
    code: childTimeout,
    message: `The other workflow took longer than ${(node.settings.timeoutMs ?? 0) / 1_000} s.`,
    hint: 'Allow it more time in the settings of this step, or look at what took so long in its run, which was cancelled.',
  }
}

/** Its class is the child's, so that what is worth another try there is worth one here, and no sooner than was asked for there. */
export function errorOfChild(end: ChildEnd): StepError {
  const details: Json = { runId: end.runId, status: end.status, error: (end.error ?? null) as unknown as Json }
  const hint = 'Open the run that this step started to see more.'
  if (end.status === 'cancelled') {
    return { class: 'business', code: 'child.cancelled', message: `The run of “${end.workflowName}” was cancelled.`, hint, details }
  }
  return {
    class: end.error?.class ?? 'internal',
    code: 'child.failed',
    message: `“${end.workflowName}” failed: ${end.error?.message ?? 'its run says why.'}`,
    hint,
    details,
    ...(end.error?.retryAfterMs === undefined ? {} : { retryAfterMs: end.error.retryAfterMs }),
  }
}

function succeeded(execution: Execution, begun: StepRecord, end: { port: string; output: Json }): { kind: 'settled'; record: StepRecord } {
  const record: StepRecord = { ...begun, ...end, status: 'succeeded' }
  execution.keep(record)
  return { kind: 'settled', record }
}

/** What was waited for in vain is not waited for again: `retry` is null then. */
function failed(
  execution: Execution,
  planned: PlanNode,
  begun: StepRecord,
  error: StepError,
  retry: Retry | null = planned.settings.retry,
): LinkedEnd {
  const { host } = execution
  const { path, attempt } = begun
  const delay = execution.options.cancelling ? null : retry && retryDelay(retry, attempt, error, () => host.random())
  if (delay !== null) {
    const retryAt = new Date(host.now().getTime() + delay)
    execution.keep({ ...begun, status: 'failed', error, retryAt, wait: { kind: 'retry', path, attempt, dueAt: retryAt } })
    return { kind: 'waiting', wait: { kind: 'retry', path, attempt, dueAt: retryAt } }
  }
  const record: StepRecord = { ...begun, status: 'failed', error, ...failurePort(planned, error) }
  execution.keep(record)
  return { kind: record.port === undefined ? 'failed' : 'settled', record }
}

const unavailable: StepError = {
  class: 'internal',
  code: 'child.unavailable',
  message: 'No other workflow can be started from here.',
  hint: 'Run the workflow instead of testing this step by itself.',
}

const timedOut: Record<'callback' | 'event', StepError> = {
  callback: {
    class: 'timeout',
    code: 'callback.timeout',
    message: 'Nobody called back in time.',
    hint: 'Look whether the other side got the address, allow it more time, or give this step a way out for the time-out.',
  },
  event: {
    class: 'timeout',
    code: 'event.timeout',
    message: 'The event did not come in time.',
    hint: 'Look whether it was sent with this name and key, allow more time, or give this step a way out for the time-out.',
  },
}
