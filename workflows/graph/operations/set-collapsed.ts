import { phrase } from '../../words/spoken'
import type { Graph, GraphNode } from '../schema'
import { nameNodes, nodeGone, type OperationRule } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Draws containers as a card that says how much they hold, or opens them again. Only how they look: a locked one too. */
export function setCollapsed(graph: Graph, args: OperationOf<'setCollapsed'>): OperationResult<Graph> {
  const wanted = new Set(args.nodeIds)
  if (!graph.nodes.some((node) => wanted.has(node.id))) return nodeGone(args.nodeIds[0] as string)
  const nodes = graph.nodes.map((node) => (wanted.has(node.id) ? withLook(node, args.collapsed) : node))
  return { ok: true, value: { ...graph, nodes } }
}

function withLook(node: GraphNode, collapsed: boolean): GraphNode {
  if ((node.collapsed ?? false) === collapsed) return node
  const { collapsed: _old, ...open } = node
  return collapsed ? { ...open, collapsed } : open
}

export const setCollapsedRule: OperationRule<OperationOf<'setCollapsed'>> = {
  apply: setCollapsed,
  invert: (before, args) => {
    const wanted = new Set(args.nodeIds)
    const differs = before.nodes.filter((node) => wanted.has(node.id) && (node.collapsed ?? false) !== args.collapsed)
    return differs.length > 0 ? { kind: 'setCollapsed', nodeIds: differs.map((node) => node.id), collapsed: !args.collapsed } : null
  },
  describe: ({ nodeIds, collapsed }, graph) =>
    collapsed ? phrase`Collapsed ${nameNodes(nodeIds, graph)}` : phrase`Opened ${nameNodes(nodeIds, graph)}`,
  touches: ({ nodeIds }) => nodeIds.map((id) => `node/${id}/collapsed`),
}
