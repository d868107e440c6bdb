import { portsOf } from '../graph/ports-of'
import type { Json } from '../graph/schema'
import type { StepError } from '../nodes/errors'
import type { PlanNode } from './types'

/** How a step with no attempts left leaves its node; nothing when the failure ends the run. */
export function failurePort(planned: PlanNode, error: StepError): { port?: string; output?: Json } {
  if (planned.settings.onError === 'fail' || error.code === 'step.unknown') return {}
  const output: Json = { error: { ...error } as unknown as Json }
  return { port: planned.settings.onError === 'port' ? 'error' : firstPort(planned), output }
}

export function firstPort(planned: PlanNode): string {
  return portsOf(planned.node, planned.definition).out[0] ?? 'main'
}
