import { phrase } from '../../words/spoken'
import type { Graph, GraphNode } from '../schema'
import { nameNodes, nodeGone, type OperationRule } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Locks nodes against being moved, edited and removed, or frees them again. Their connections stay free. */
export function setLocked(graph: Graph, args: OperationOf<'setLocked'>): OperationResult<Graph> {
  const wanted = new Set(args.nodeIds)
  if (!graph.nodes.some((node) => wanted.has(node.id))) return nodeGone(args.nodeIds[0] as string)
  return { ok: true, value: { ...graph, nodes: graph.nodes.map((node) => (wanted.has(node.id) ? withLock(node, args.locked) : node)) } }
}

function withLock(node: GraphNode, locked: boolean): GraphNode {
  if ((node.locked ?? false) === locked) return node
  const { locked: _old, ...free } = node
  return locked ? { ...free, locked } : free
}

export const setLockedRule: OperationRule<OperationOf<'setLocked'>> = {
  apply: setLocked,
  invert: (before, args) => {
    const wanted = new Set(args.nodeIds)
    const nodeIds = before.nodes.filter((node) => wanted.has(node.id) && (node.locked ?? false) !== args.locked).map((node) => node.id)
    return nodeIds.length > 0 ? { kind: 'setLocked', nodeIds, locked: !args.locked } : null
  },
  describe: ({ nodeIds, locked }, graph) =>
    locked ? phrase`Locked ${nameNodes(nodeIds, graph)}` : phrase`Unlocked ${nameNodes(nodeIds, graph)}`,
  touches: ({ nodeIds }) => nodeIds.map((id) => `node/${id}/locked`),
}
