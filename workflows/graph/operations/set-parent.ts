import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import type { Graph } from '../schema'
import { checkParent } from './check-parent'
import { changedSince, done, findNode, nameNodes, nodeGone, type OperationRule, refuse, refuseLocked, replaceNode } from './operation'
import { withContents } from './remove-nodes'
import type { OperationOf, OperationResult } from './schema'

/**
 * Puts a node into a container or takes it out. Its edges stay: one that now leads across a frame is shown as a problem until it is
 * redrawn, so that several nodes can be moved together, one after the other.
 */
export function setParent(graph: Graph, args: OperationOf<'setParent'>, catalogue: Catalogue): OperationResult<Graph> {
  const node = findNode(graph, args.nodeId)
  if (!node) return nodeGone(args.nodeId)
  const locked = refuseLocked(node)
  if (locked) return locked
  const present = node.parent ?? null
  if (args.guarded && present !== args.before && present !== args.after) {
    return { ok: false, problem: changedSince(node.id, `The container of “${node.title}”`, '/parent') }
  }
  const { parent: _old, ...free } = node
  if (args.after === null) return done(replaceNode(graph, free))
  if (!findNode(graph, args.after)) return nodeGone(args.after)
  if (withContents(graph, [node.id]).has(args.after)) {
    return refuse('node.parent_cycle', `“${node.title}” cannot stand inside itself. Choose another container.`, {
      nodeId: node.id,
      pointer: '/parent',
    })
  }
  const refusal = checkParent(graph, { ...free, parent: args.after }, catalogue)
  if (refusal) return refusal
  const value = replaceNode(graph, { ...free, parent: args.after })
  const overwritten = present !== args.before && present !== args.after
  if (!overwritten) return done(value)
  return { ok: true, value, overwrote: [{ nodeId: node.id, pointer: '/parent', expected: args.before, found: present }] }
}

export const setParentRule: OperationRule<OperationOf<'setParent'>> = {
  apply: setParent,
  invert: (before, args) => {
    const node = findNode(before, args.nodeId)
    return node ? { kind: 'setParent', nodeId: node.id, before: args.after, after: node.parent ?? null, guarded: true } : null
  },
  describe: ({ nodeId, after }, graph) =>
    after === null
      ? phrase`Took ${nameNodes([nodeId], graph)} out of its container`
      : phrase`Put ${nameNodes([nodeId], graph)} into ${nameNodes([after], graph)}`,
  touches: ({ nodeId }) => [`node/${nodeId}/parent`],
}
