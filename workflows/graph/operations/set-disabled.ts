import type { Graph } from '../schema'
import { nameNodes, nodeGone, type OperationRule } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Switches nodes off or on; a node that is off passes its input on. */
export function setDisabled(graph: Graph, args: OperationOf<'setDisabled'>): OperationResult<Graph> {
  const wanted = new Set(args.nodeIds)
  if (!graph.nodes.some((node) => wanted.has(node.id))) return nodeGone(args.nodeIds[0] as string)
  const nodes = graph.nodes.map((node) =>
    wanted.has(node.id) && node.settings.disabled !== args.disabled
      ? { ...node, settings: { ...node.settings, disabled: args.disabled } }
      : node,
  )
  return { ok: true, value: { ...graph, nodes } }
}

export const setDisabledRule: OperationRule<OperationOf<'setDisabled'>> = {
  apply: setDisabled,
  invert: (before, args) => {
    const wanted = new Set(args.nodeIds)
    const nodeIds = before.nodes.filter((node) => wanted.has(node.id) && node.settings.disabled !== args.disabled).map((node) => node.id)
    return nodeIds.length > 0 ? { kind: 'setDisabled', nodeIds, disabled: !args.disabled } : null
  },
  describe: ({ nodeIds, disabled }, graph) => `Switched ${nameNodes(nodeIds, graph)} ${disabled ? 'off' : 'on'}`,
  touches: ({ nodeIds }) => nodeIds.map((id) => `node/${id}/settings/disabled`),
}
