import type { GraphEdge, Json } from '../graph/schema'
import { leavesBy } from '../graph/taken-ports'
import type { PlanNode, PlanScope, StepLog, StepRecord } from './types'

export interface FiredEdge {
  from: string
  port: string
  value: Json
}

/** Which nodes of one scope are settled, which edges fired, and which nodes may run next. */
export interface FlowState {
  /** Outputs of settled steps by node id, as expressions see them. */
  outputs: Readonly<Record<string, Json>>
  /** The next node whose edges are all settled; undefined when none is ready now. */
  next(): string | undefined
  /** True when nothing came over any edge of a ready node. */
  isSkipped(nodeId: string): boolean
  fired(planned: PlanNode): FiredEdge[]
  settle(nodeId: string, record: StepRecord): void
  settledOf(nodeId: string): StepRecord | undefined
  /** What an output is stored as that is not in memory. */
  apartAt(nodeId: string): string | undefined
  release(nodeId: string, where: string): void
  restore(nodeId: string, value: Json): void
  /** False for what only other triggers lead to: it has no place in this run's log. */
  isReachable(nodeId: string): boolean
}

export interface FlowOptions {
  /** The trigger that fired; absent inside a container, where every node that nothing leads into starts. */
  startId?: string | null
  only?: ReadonlySet<string>
  inputs?: ReadonlyMap<string, Json>
}

export function isSettled(record: StepRecord): boolean {
  if (record.status === 'succeeded' || record.status === 'skipped') return true
  return record.status === 'failed' && record.port !== undefined
}

export function createFlowState(scope: PlanScope, { startId, only, inputs }: FlowOptions): FlowState {
  const { nodes, order } = scope
  const isBody = startId === undefined
  const settled = new Map<string, StepRecord>()
  const outputs: Record<string, Json> = Object.create(null)
  const missing = new Map<string, number>()
  const hits = new Map<string, number>()
  const queue: string[] = []
  const given = new Set<string>()
  let apart: Map<string, string> | null = null
  let head = 0
  const reachable = isBody ? null : reach(scope, [...(startId ? [startId] : []), ...(inputs?.keys() ?? [])])

  for (const id of order) {
    const count = (nodes.get(id) as PlanNode).incoming.length
    if (count > 0) missing.set(id, count)
    if (count === 0 || inputs?.has(id)) queue.push(id)
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
    isSkipped(id) {
      if (isBody && (nodes.get(id) as PlanNode).incoming.length === 0) return false
      return !inputs?.has(id) && id !== startId && (hits.get(id) ?? 0) === 0
    },
    isReachable: (id) => reachable?.has(id) ?? true,
    settledOf: (id) => settled.get(id),
    apartAt: (id) => apart?.get(id),
    release(id, where) {
      apart ??= new Map()
      apart.set(id, where)
      outputs[id] = null
    },
    restore(id, value) {
      apart?.delete(id)
      outputs[id] = value
    },
    fired: (planned) =>
      planned.incoming.filter(fires).map((edge) => ({ from: edge.from, port: edge.fromPort, value: outputs[edge.from] ?? null })),
    settle(id, record) {
      if (settled.has(id)) return
      settled.set(id, record)
      if (record.status !== 'skipped') outputs[id] = record.output ?? null
      if (record.output === undefined && record.apart?.output !== undefined) {
        apart ??= new Map()
        apart.set(id, record.apart.output)
      }
      for (const edge of nodes.get(id)?.outgoing ?? []) {
        const left = (missing.get(edge.to) ?? 0) - 1
        missing.set(edge.to, left)
        const fired = fires(edge)
        if (fired) hits.set(edge.to, (hits.get(edge.to) ?? 0) + 1)
        if (left === 0 || (fired && startsWithFirst(nodes.get(edge.to)))) queue.push(edge.to)
      }
    },
  }
}

/** It runs with one of the ways in, though others may follow. */
export function startsWithFirst(planned: PlanNode | undefined): boolean {
  return planned?.definition.startsWith?.(planned.node.params) === 'first'
}

function reach({ nodes }: PlanScope, from: readonly string[]): Set<string> {
  const found = new Set<string>()
  const todo = [...from]
  while (todo.length > 0) {
    const id = todo.pop() as string
    if (found.has(id)) continue
    found.add(id)
    for (const edge of nodes.get(id)?.outgoing ?? []) todo.push(edge.to)
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
