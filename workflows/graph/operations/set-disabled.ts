import { phrase } from '../../words/spoken'
import type { Graph } from '../schema'
import { nameNodes, nodeGone, type OperationRule, skippedLock } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Switches nodes off or on; a node that is off passes its input on. */
export function setDisabled(graph: Graph, args: OperationOf<'setDisabled'>): OperationResult<Graph> {
  const wanted = new Set(args.nodeIds)
  if (!graph.nodes.some((node) => wanted.has(node.id))) return nodeGone(args.nodeIds[0] as string)
  const skipped = graph.nodes.flatMap((node) => (wanted.has(node.id) && node.locked ? [skippedLock(node)] : []))
  if (skipped[0] && !graph.nodes.some((node) => wanted.has(node.id) && !node.locked)) return { ok: false, problem: skipped[0] }
  const nodes = graph.nodes.map((node) =>
    wanted.has(node.id) && !node.locked && node.settings.disabled !== args.disabled
      ? { ...node, settings: { ...node.settings, disabled: args.disabled } }
      : node,
  )
  const value = { ...graph, nodes }
  return skipped.length > 0 ? { ok: true, value, skipped } : { ok: true, value }
}

export const setDisabledRule: OperationRule<OperationOf<'setDisabled'>> = {
  apply: setDisabled,
  invert: (before, args) => {
    const wanted = new Set(args.nodeIds)
    const nodeIds = before.nodes
      .filter((node) => wanted.has(node.id) && !node.locked && node.settings.disabled !== args.disabled)
      .map((node) => node.id)
    return nodeIds.length > 0 ? { kind: 'setDisabled', nodeIds, disabled: !args.disabled } : null
  },
  describe: ({ nodeIds, disabled }, graph) =>
    disabled ? phrase`Switched ${nameNodes(nodeIds, graph)} off` : phrase`Switched ${nameNodes(nodeIds, graph)} on`,
  touches: ({ nodeIds }) => nodeIds.map((id) => `node/${id}/settings/disabled`),
}
