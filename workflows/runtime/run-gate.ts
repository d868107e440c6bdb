import type { Json } from '../graph/schema'
import type { GateKind } from '../nodes/define'
import type { Execution } from './execution'
import { firstPort } from './failure-port'
import type { Frame } from './frame'
import type { StepEnd } from './run-attempts'
import type { PlanNode, StepRecord } from './types'

/** Controls that let a run pass by what other runs did: the host counts. */
export function isGate(control: string): control is GateKind {
  return control === 'throttle' || control === 'debounce'
}

interface GateCall {
  frame: Frame
  path: string
  planned: PlanNode
  control: GateKind
  params: Record<string, unknown>
  input: Json
  recorded: Json
  inputHash: string
}

/** Asks whether the run may pass; while it may not, it waits and asks again. */
export async function passGate(execution: Execution, call: GateCall): Promise<StepEnd> {
  const { host, buffer } = execution
  const { path, planned, control, params, input } = call
  const known = execution.recordOf(path)
  if (known?.retryAt && known.retryAt > host.now() && !execution.options.cancelling) return waiting(path, known.retryAt)
  // A run that is being cancelled waits for nothing: what cleans up passes.
  const { cancelling } = execution.options
  if (!cancelling) await buffer.flush()
  if (!execution.mayStart(call.frame)) return { kind: 'later' }
  const now = host.now()
  const begun: StepRecord = {
    path,
    attempt: 1,
    status: 'waiting',
    input: call.recorded,
    inputHash: call.inputHash,
    startedAt: known?.startedAt ?? now,
    durationUs: known ? Math.max(0, now.getTime() - known.startedAt.getTime()) * 1_000 : 0,
  }
  if (cancelling) return settled(execution, begun, firstPort(planned), input)
  const gate = { path, nodeId: planned.node.id, key: String(params.key) }
  const answer =
    control === 'throttle'
      ? await host.passGate?.({ ...gate, kind: 'throttle', limit: Number(params.limit), withinMs: Number(params.withinMs) })
      : await host.passGate?.({ ...gate, kind: 'debounce', quietMs: Number(params.quietMs), isNew: known === undefined })
  // Where nobody counts, nobody is held.
  if (!answer || answer.outcome === 'pass') return settled(execution, begun, firstPort(planned), input)
  if (answer.outcome === 'superseded') return settled(execution, begun, 'superseded', input)
  if (control === 'throttle' && params.otherwise === 'leave') return settled(execution, begun, 'limited', input)
  execution.keep({ ...begun, retryAt: answer.until })
  return waiting(path, answer.until)
}

function waiting(path: string, dueAt: Date): StepEnd {
  return { kind: 'waiting', wait: { kind: 'time', path, attempt: 1, dueAt } }
}

function settled(execution: Execution, begun: StepRecord, port: string, output: Json): StepEnd {
  const record: StepRecord = { ...begun, status: 'succeeded', port, output }
  execution.keep(record)
  return { kind: 'settled', record }
}
