import type { Json } from '../graph/schema'
import { leavesBy } from '../graph/taken-ports'
import type { FlowState } from './flow-state'
import type { Plan, PlanNode } from './types'

/** What *respond* answered; else the output of the last step, by key where several branches ended. */
export function runOutput(plan: Plan, flow: FlowState): Json {
  const ends: PlanNode[] = []
  for (const id of plan.order) {
    const planned = plan.nodes.get(id) as PlanNode
    const record = flow.settledOf(id)
    if (!record || record.status === 'skipped') continue
    if (planned.definition.kind === 'control' && planned.definition.control === 'respond' && !planned.settings.disabled) {
      return record.output ?? null
    }
    if (!planned.outgoing.some((edge) => leavesBy(record.port, edge.fromPort))) ends.push(planned)
  }
  const [only] = ends
  if (!only) return null
  if (ends.length === 1) return flow.outputs[only.node.id] ?? null
  return Object.fromEntries(ends.map((end) => [end.node.key, flow.outputs[end.node.id] ?? null]))
}
