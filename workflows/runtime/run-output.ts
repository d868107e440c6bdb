import type { Json } from '../graph/schema'
import { leavesBy } from '../graph/taken-ports'
import type { FlowState } from './flow-state'
import type { PlanNode, PlanScope } from './types'

/** What *respond* answered; else the output of the last step, by key where several branches ended. */
export function runOutput(scope: PlanScope, flow: FlowState): Json {
  const answer = scope.order.map((id) => scope.nodes.get(id) as PlanNode).find((planned) => hasAnswered(planned, flow))
  if (answer) return flow.settledOf(answer.node.id)?.output ?? null
  const ends = endsOf(scope, flow)
  const [only] = ends
  if (!only) return null
  return ends.length === 1 ? only[1] : Object.fromEntries(ends)
}

/** Key and output of each step that nothing went on from. */
export function endsOf(scope: PlanScope, flow: FlowState): [key: string, output: Json][] {
  return scope.order.flatMap((id): [string, Json][] => {
    const planned = scope.nodes.get(id) as PlanNode
    const record = flow.settledOf(id)
    if (!record || record.status === 'skipped' || planned.outgoing.some((edge) => leavesBy(record.port, edge.fromPort))) return []
    return [[planned.node.key, flow.outputs[id] ?? null]]
  })
}

function hasAnswered(planned: PlanNode, flow: FlowState): boolean {
  const record = flow.settledOf(planned.node.id)
  if (!record || record.status === 'skipped' || planned.settings.disabled) return false
  return planned.definition.kind === 'control' && planned.definition.control === 'respond'
}
