import { phrase } from '../../words/spoken'
import { sameJson } from '../same-json'
import type { Graph, GraphNode, Problem } from '../schema'
import { changedSince, nameNodes, nodeGone, type OperationRule, refuseLocked } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Takes nodes away with what they hold and every edge at them. */
export function removeNodes(graph: Graph, args: OperationOf<'removeNodes'>): OperationResult<Graph> {
  const present = graph.nodes.filter((node) => args.nodeIds.includes(node.id))
  if (present.length === 0) return nodeGone(args.nodeIds[0] as string)
  const skipped = args.guarded ? notMineAnyMore(graph, present, args.expect) : []
  const kept = new Set(skipped.map((problem) => problem.nodeId))
  const mine = present.filter((node) => !kept.has(node.id)).map((node) => node.id)
  if (mine.length === 0) return { ok: false, problem: skipped[0] as Problem }
  const gone = withContents(graph, mine)
  for (const node of graph.nodes) {
    const locked = gone.has(node.id) ? refuseLocked(node) : null
    if (locked) return locked
  }
  const value = {
    ...graph,
    nodes: graph.nodes.filter((node) => !gone.has(node.id)),
    edges: graph.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
  }
  return skipped.length > 0 ? { ok: true, value, skipped } : { ok: true, value }
}

/** These nodes and everything inside them, however deep, groups included. */
export function withContents(graph: Pick<Graph, 'nodes'>, ids: readonly string[]): Set<string> {
  const found = new Set(ids)
  const children = new Map<string, string[]>()
  for (const node of graph.nodes) {
    for (const holder of [node.parent, node.group]) {
      if (holder === undefined) continue
      const list = children.get(holder)
      if (list) list.push(node.id)
      else children.set(holder, [node.id])
    }
  }
  const todo = [...ids]
  while (todo.length > 0) {
    for (const child of children.get(todo.pop() as string) ?? []) {
      if (found.has(child)) continue
      found.add(child)
      todo.push(child)
    }
  }
  return found
}

function notMineAnyMore(graph: Graph, present: readonly GraphNode[], expect: OperationOf<'removeNodes'>['expect']): Problem[] {
  const before = new Map(expect?.nodes.map((node) => [node.id, node]))
  const edges = new Set(expect?.edgeIds)
  return present.flatMap((node) => {
    const known = before.get(node.id)
    const edited = known !== undefined && !sameJson({ ...known, position: null }, { ...node, position: null })
    const connected = graph.edges.some((edge) => (edge.from === node.id || edge.to === node.id) && !edges.has(edge.id))
    const filled = graph.nodes.some((other) => (other.parent === node.id || other.group === node.id) && !before.has(other.id))
    return edited || connected || filled ? [changedSince(node.id, `“${node.title}”`)] : []
  })
}

export const removeNodesRule: OperationRule<OperationOf<'removeNodes'>> = {
  apply: removeNodes,
  invert: (before, args) => {
    const result = removeNodes(before, args)
    if (!result.ok) return null
    const nodesLeft = new Set(result.value.nodes)
    const edgesLeft = new Set(result.value.edges)
    return {
      kind: 'restore',
      nodes: before.nodes.flatMap((node, index) => (nodesLeft.has(node) ? [] : [{ index, node }])),
      edges: before.edges.flatMap((edge, index) => (edgesLeft.has(edge) ? [] : [{ index, edge }])),
    }
  },
  describe: ({ nodeIds }, graph) => phrase`Removed ${nameNodes(nodeIds, graph)}`,
  touches: ({ nodeIds }) => nodeIds.map((id) => `node/${id}`),
}
