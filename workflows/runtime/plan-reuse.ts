import { contentHash } from '../graph/content-hash'
import type { Json } from '../graph/schema'
import { createFlowState, isSettled } from './flow-state'
import { createInputHasher } from './input-hash'
import type { Plan, PlanNode, StepLog } from './types'

export interface ReusePlan {
  /** Paths of steps whose results are taken over, those inside an agent included. */
  reused: string[]
  /** Node ids that run again or for the first time, in order. */
  again: string[]
}

export interface ReuseOptions {
  trigger: { nodeId: string | null; data: Json }
  variables: Readonly<Record<string, Json>>
  /** The step to run again, with all that follows it; empty reuses whatever is unchanged. */
  fromPath: string
  hash?: (value: Json) => string
}

/**
 * Which steps of an earlier run a new one may take over: those that do not follow the chosen step and whose node and input are
 * unchanged, hash by hash from the trigger on.
 */
export function planReuse(plan: Plan, log: StepLog, options: ReuseOptions): ReusePlan {
  const { trigger, fromPath, variables, hash = contentHash } = options
  const fromId = fromPath.split('/')[0] as string
  const excluded = fromId === '' ? new Set<string>() : following(plan, fromId)
  const startId = trigger.nodeId ?? plan.order.find((id) => plan.nodes.get(id)?.definition.kind === 'trigger') ?? null
  const flow = createFlowState(plan, { startId })
  const hasher = createInputHasher({ hash, outputs: flow.outputs, trigger: trigger.data, variables })
  const reused: string[] = []
  for (let id = flow.next(); id !== undefined; id = flow.next()) {
    const planned = plan.nodes.get(id) as PlanNode
    if (flow.isSkipped(id)) {
      flow.settle({ path: id, attempt: 1, status: 'skipped', startedAt: new Date(0), durationUs: 0 })
      continue
    }
    const fired = flow.fired(planned)
    const input = planned.definition.kind === 'trigger' ? trigger.data : (fired[0]?.value ?? null)
    const known = log.get(id)
    const isSame = known?.inputHash !== undefined && known.inputHash === hasher.of(planned, fired, input)
    const isTrigger = planned.definition.kind === 'trigger'
    if (id === fromId) {
      if (isSame && fromPath !== fromId) reused.push(...before(fromPath, log))
      else if (isSame && brokeInside(id, log)) reused.push(...inside(id, log))
    } else if (!excluded.has(id) && known && isSettled(known) && known.status !== 'skipped' && isSame && !isTrigger) {
      reused.push(id, ...inside(id, log))
      flow.settle(known)
      continue
    }
    // The trigger hands over the new run's own input.
    if (isTrigger && !excluded.has(id))
      flow.settle({ path: id, attempt: 1, status: 'succeeded', port: portOf(known), output: input, startedAt: new Date(0), durationUs: 0 })
  }
  const taken = new Set(reused)
  const again = plan.order.filter(
    (id) => !taken.has(id) && flow.isReachable(id) && flow.settledOf(id)?.status !== 'skipped' && isStillToRun(plan, log, id, excluded),
  )
  return { reused, again: again.filter((id) => plan.nodes.get(id)?.definition.kind !== 'trigger') }
}

function portOf(known: { port?: string } | undefined): string {
  return known?.port ?? 'main'
}

/** What the earlier run skipped is not announced, unless it follows the chosen step, where everything is open again. */
function isStillToRun(plan: Plan, log: StepLog, id: string, excluded: ReadonlySet<string>): boolean {
  return excluded.has(id) || log.get(id)?.status !== 'skipped' || plan.nodes.get(id) === undefined
}

function following(plan: Plan, fromId: string): Set<string> {
  const found = new Set<string>()
  const todo = [fromId]
  while (todo.length > 0) {
    const id = todo.pop() as string
    if (found.has(id)) continue
    found.add(id)
    for (const edge of plan.nodes.get(id)?.outgoing ?? []) todo.push(edge.to)
  }
  return found
}

/** A call of the agent failed, not its answer: it goes on with that call. */
function brokeInside(agentId: string, log: StepLog): boolean {
  return [...log.values()].some((record) => record.path.startsWith(`${agentId}/`) && !isSettled(record))
}

function inside(agentId: string, log: StepLog): string[] {
  return [...log.values()].filter((record) => record.path.startsWith(`${agentId}/`) && isSettled(record)).map((record) => record.path)
}

/** Turns of an agent before the one named, and the calls of the named one that are done when a call is what failed. */
function before(fromPath: string, log: StepLog): string[] {
  const [agentId = '', turn = '', call] = fromPath.split('/')
  const number = Number(turn.split('.')[1])
  return inside(agentId, log).filter((path) => {
    const [, turnOf = '', callOf] = path.split('/')
    const numberOf = Number(turnOf.split('.')[1])
    if (numberOf !== number) return numberOf < number
    return call !== undefined && (callOf === undefined || callOf !== call)
  })
}
