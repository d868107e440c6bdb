import { phrase } from '../../words/spoken'
import { sameJson } from '../same-json'
import type { Graph, GraphNode } from '../schema'
import { changedSince, findNode, nameNodes, nodeGone, type OperationRule, refuseLocked, replaceNode } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Gives a note or a group a new size, and a new place where it was pulled at its upper or left side. */
export function resizeNode(graph: Graph, args: OperationOf<'resizeNode'>): OperationResult<Graph> {
  const node = findNode(graph, args.nodeId)
  if (!node) return nodeGone(args.nodeId)
  const locked = refuseLocked(node)
  if (locked) return locked
  if (args.guarded && !sameJson(frameOf(node), args.before)) {
    return { ok: false, problem: changedSince(node.id, `The size of “${node.title}”`, '/size') }
  }
  const { size: _old, ...rest } = node
  const { position, size } = args.after
  return { ok: true, value: replaceNode(graph, { ...rest, position, ...(size ? { size } : {}) }) }
}

function frameOf({ position, size }: GraphNode) {
  return size ? { position, size } : { position }
}

export const resizeNodeRule: OperationRule<OperationOf<'resizeNode'>> = {
  apply: resizeNode,
  invert: (before, args) => {
    const node = findNode(before, args.nodeId)
    return node ? { kind: 'resizeNode', nodeId: node.id, before: args.after, after: frameOf(node), guarded: true } : null
  },
  describe: ({ nodeId }, graph) => phrase`Resized ${nameNodes([nodeId], graph)}`,
  touches: ({ nodeId }) => [`node/${nodeId}/position`, `node/${nodeId}/size`],
}
