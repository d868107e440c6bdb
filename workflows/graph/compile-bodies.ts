import type { PlanNode, PlanSection } from '../runtime/types'
import { bodyOf } from './body-edges'
import { contentHash } from './content-hash'
import type { Graph } from './schema'

/**
 * Puts what stands inside containers into their sections, and makes a node that its settings run for each item a container of itself.
 * Returns the order of what stands in no container. A container whose inside changed is another one, and reads what its inside reads.
 */
export function compileBodies(nodes: Map<string, PlanNode>, order: readonly string[], graph: Graph): string[] {
  const parentOf = (id: string) => {
    const parent = nodes.get(id)?.node.parent
    return parent !== undefined && nodes.has(parent) ? parent : undefined
  }
  for (const id of order) {
    const planned = nodes.get(id)
    if (planned?.settings.each) nodes.set(id, { ...planned, each: eachOf(planned) })
  }
  // Inner containers first: the order has each container before what stands inside it.
  for (const id of [...order].reverse()) {
    const planned = nodes.get(id) as PlanNode
    const body = bodyOf(planned.definition)
    if (!body) continue
    const inside = order.filter((child) => parentOf(child) === id)
    const groups = body.branches ? branchesOf(inside, nodes) : sectionsOf(id, inside, body.ports, graph, nodes)
    const sections = groups.map((group): PlanSection => ({ ...group, nodes }))
    const within = new Set(inside)
    const own = inside.map((child) => nodes.get(child) as PlanNode)
    const hashed = groups.map(({ name, order: ids }) => [name, ids.map((child) => [nodes.get(child)?.node.key, nodes.get(child)?.hash])])
    const edges = own.flatMap((child) => child.outgoing.map(({ from, fromPort, to, toPort }) => [from, fromPort, to, toPort]))
    nodes.set(id, {
      ...planned,
      sections,
      reads: [...new Set([...planned.reads, ...own.flatMap((child) => child.reads)])].filter((read) => !within.has(read)),
      params: { ...planned.params, vars: [...new Set([...planned.params.vars, ...own.flatMap((child) => child.params.vars)])] },
      readsIndex: planned.readsIndex || own.some((child) => child.readsIndex),
      hash: contentHash([planned.hash, hashed, edges]),
    })
  }
  return order.filter((id) => parentOf(id) === undefined)
}

type Group = Pick<PlanSection, 'name' | 'order'>

/** The node as one item sees it: the loop's own policy says what a failure means. */
function eachOf(planned: PlanNode): NonNullable<PlanNode['each']> {
  const { node, settings } = planned
  const { each, runIf: _runIf, ...rest } = settings
  const { asks, ...plain } = planned
  const inner: PlanNode = {
    ...plain,
    settings: { ...rest, onError: 'fail' },
    ...(asks && settings.cache ? { asks } : {}),
    incoming: [],
    outgoing: [],
    hash: contentHash([planned.hash, 'item']),
  }
  const body: PlanSection = { name: 'body', order: [node.id], nodes: new Map([[node.id, inner]]) }
  return { body, concurrency: each?.concurrency ?? 1, onItemError: each?.onItemError ?? 'fail' }
}

/** What the container's own ports lead to, by port; everything else is the first section. */
function sectionsOf(
  id: string,
  inside: readonly string[],
  ports: readonly string[],
  graph: Graph,
  nodes: ReadonlyMap<string, PlanNode>,
): Group[] {
  const sectionOf = new Map<string, string>()
  for (const port of ports) {
    const todo = graph.edges.filter((edge) => edge.from === id && edge.fromPort === port && inside.includes(edge.to)).map((edge) => edge.to)
    while (todo.length > 0) {
      const next = todo.pop() as string
      if (sectionOf.has(next)) continue
      sectionOf.set(next, port)
      for (const edge of nodes.get(next)?.outgoing ?? []) todo.push(edge.to)
    }
  }
  const names = ports.length > 0 ? ['try', ...ports] : ['body']
  const groups = names.map((name): Group => ({ name, order: inside.filter((child) => (sectionOf.get(child) ?? names[0]) === name) }))
  return groups.filter((group, at) => at === 0 || group.order.length > 0)
}

/** Nodes that are connected, in either direction, are one branch; branches are numbered in the order of the graph. */
function branchesOf(inside: readonly string[], nodes: ReadonlyMap<string, PlanNode>): Group[] {
  const branchOf = new Map<string, number>()
  let count = 0
  for (const start of inside) {
    if (branchOf.has(start)) continue
    const todo = [start]
    while (todo.length > 0) {
      const id = todo.pop() as string
      if (branchOf.has(id)) continue
      branchOf.set(id, count)
      const planned = nodes.get(id)
      for (const edge of planned?.outgoing ?? []) todo.push(edge.to)
      for (const edge of planned?.incoming ?? []) todo.push(edge.from)
    }
    count += 1
  }
  return Array.from({ length: count }, (_, at) => ({ name: String(at), order: inside.filter((id) => branchOf.get(id) === at) }))
}
