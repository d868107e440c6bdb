import type { GraphEdge, Json } from '../graph/schema'
import { leavesBy } from '../graph/taken-ports'
import type { Plan, PlanNode, StepLog, StepRecord } from './types'

export interface FiredEdge {
  from: string
  port: string
  value: Json
}

/** Which nodes are settled, which edges fired, and which nodes may run next. */
export interface FlowState {
  /** Outputs of settled steps by node id, as expressions see them. */
  outputs: Readonly<Record<string, Json>>
  /** The next node whose edges are all settled; undefined when none is ready now. */
  next(): string | undefined
  /** True when nothing came over any edge of a ready node. */
  isSkipped(nodeId: string): boolean
  fired(planned: PlanNode): FiredEdge[]
  settle(record: StepRecord): void
  settledOf(nodeId: string): StepRecord | undefined
  /** False for what only other triggers lead to: it has no place in this run's log. */
  isReachable(nodeId: string): boolean
}

export function isSettled(record: StepRecord): boolean {
  if (record.status === 'succeeded' || record.status === 'skipped') return true
  return record.status === 'failed' && record.port !== undefined
}

export function createFlowState(
  plan: Plan,
  options: { startId: string | null; only?: ReadonlySet<string>; inputs?: ReadonlyMap<string, Json> },
): FlowState {
  const { startId, only, inputs } = options
  const settled = new Map<string, StepRecord>()
  const outputs: Record<string, Json> = Object.create(null)
  const missing = new Map<string, number>()
  const hits = new Map<string, number>()
  const queue: string[] = []
  const given = new Set<string>()
  let head = 0
  const roots = startId ? [startId] : []
  const reachable = reach(plan, [...roots, ...(inputs?.keys() ?? [])])

  for (const id of plan.order) {
    const planned = plan.nodes.get(id) as PlanNode
    missing.set(id, planned.incoming.length)
    if (planned.incoming.length === 0 || inputs?.has(id)) queue.push(id)
  }

  const fires = (edge: GraphEdge): boolean => {
    const from = settled.get(edge.from)
    return from !== undefined && from.status !== 'skipped' && leavesBy(from.port, edge.fromPort)
  }

  return {
    outputs,
    next() {
      while (head < queue.length) {
        const id = queue[head++] as string
        if (settled.has(id) || given.has(id) || (only && !only.has(id))) continue
        given.add(id)
        return id
      }
      return undefined
    },
    isSkipped: (id) => !inputs?.has(id) && id !== startId && (hits.get(id) ?? 0) === 0,
    isReachable: (id) => reachable.has(id),
    settledOf: (id) => settled.get(id),
    fired: (planned) =>
      planned.incoming.filter(fires).map((edge) => ({ from: edge.from, port: edge.fromPort, value: outputs[edge.from] ?? null })),
    settle(record) {
      if (settled.has(record.path)) return
      settled.set(record.path, record)
      if (record.status !== 'skipped') outputs[record.path] = record.output ?? null
      for (const edge of plan.nodes.get(record.path)?.outgoing ?? []) {
        const left = (missing.get(edge.to) ?? 0) - 1
        missing.set(edge.to, left)
        const fired = fires(edge)
        if (fired) hits.set(edge.to, (hits.get(edge.to) ?? 0) + 1)
        if (left === 0 || (fired && startsWithFirst(plan.nodes.get(edge.to)))) queue.push(edge.to)
      }
    },
  }
}

function startsWithFirst(planned: PlanNode | undefined): boolean {
  return planned?.definition.startsWith?.(planned.node.params) === 'first'
}

function reach(plan: Plan, from: readonly string[]): Set<string> {
  const found = new Set<string>()
  const todo = [...from]
  while (todo.length > 0) {
    const id = todo.pop() as string
    if (found.has(id)) continue
    found.add(id)
    for (const edge of plan.nodes.get(id)?.outgoing ?? []) todo.push(edge.to)
  }
  return found
}

/** The newest attempt of each path in a list of records. */
export function stepLogOf(records: Iterable<StepRecord>): StepLog {
  const log = new Map<string, StepRecord>()
  for (const record of records) {
    const known = log.get(record.path)
    if (!known || known.attempt <= record.attempt) log.set(record.path, record)
  }
  return log
}
