import type { Scope } from '../graph/expressions'
import type { Json } from '../graph/schema'
import type { AttemptCall } from './attempt-call'
import { cacheKeyOf } from './evaluate-params'
import type { Execution } from './execution'
import type { AttemptsEnd } from './run-attempts'
import type { KeptKey, PlanNode, StepRecord } from './types'

/** Under what the result of a step is kept, where its settings ask for that; throws NodeError where the key cannot be worked out. */
export function keptKeyOf(
  execution: Execution,
  planned: PlanNode,
  at: { scope: Scope; params: Record<string, unknown>; input: Json },
): KeptKey | null {
  if (!planned.settings.cache || !execution.host.findKept) return null
  const named = cacheKeyOf(planned, at.scope)
  const about: Json = named === undefined ? { params: at.params as Json, input: at.input } : { named }
  return { nodeId: planned.node.id, hash: execution.hash([planned.hash, about]) }
}

/**
 * Takes over a result that an earlier run kept, or does the step and keeps what it gave. A test and a run that is run again ask anew:
 * somebody wants to see it happen.
 */
export async function takeOrKeep(
  execution: Execution,
  call: AttemptCall,
  key: KeptKey,
  work: () => Promise<AttemptsEnd>,
): Promise<AttemptsEnd> {
  const { host, facts } = execution
  const forMs = call.planned.settings.cache?.forMs ?? 0
  const { kind } = facts.trigger
  if (kind !== 'test' && kind !== 'replay' && execution.recordOf(call.path) === undefined) {
    const startedAt = host.now()
    const found = await host.findKept?.(key)
    if (!execution.mayStart(call.frame)) return { kind: 'later' }
    if (found) {
      const record: StepRecord = {
        path: call.path,
        attempt: 1,
        status: 'succeeded',
        port: found.port,
        input: call.recorded,
        output: found.output,
        ...(call.inputHash ? { inputHash: call.inputHash } : {}),
        startedAt,
        durationUs: 0,
        originRunId: found.runId,
      }
      execution.keep(record)
      return { kind: 'settled', record }
    }
  }
  const end = await work()
  if (kind !== 'test' && end.kind === 'settled' && end.record.status === 'succeeded' && end.record.originRunId === undefined) {
    await host.keepResult?.(key, { port: end.record.port ?? 'main', output: end.record.output ?? null }, forMs)
  }
  return end
}
