import { phrase } from '../../words/spoken'
import { type Catalogue, definitionOf } from '../catalogue'
import type { Graph } from '../schema'
import { changedSince, done, findNode, nameNodes, nodeGone, type OperationRule, refuse, refuseLocked, replaceNode } from './operation'
import { withContents } from './remove-nodes'
import type { OperationOf, OperationResult } from './schema'

/** Puts a node into a group or takes it out: only how it is drawn. */
export function setGroup(graph: Graph, args: OperationOf<'setGroup'>, catalogue: Catalogue): OperationResult<Graph> {
  const node = findNode(graph, args.nodeId)
  if (!node) return nodeGone(args.nodeId)
  const locked = refuseLocked(node)
  if (locked) return locked
  const where = { nodeId: node.id, pointer: '/group' }
  const present = node.group ?? null
  if (args.guarded && present !== args.before && present !== args.after) {
    return { ok: false, problem: changedSince(node.id, `The group of “${node.title}”`, '/group') }
  }
  const { group: _old, ...free } = node
  if (args.after === null) return done(replaceNode(graph, free))
  const group = findNode(graph, args.after)
  if (!group) return refuse('node.group_missing', 'This group was removed in the meantime.', where)
  const definition = definitionOf(group, catalogue)
  if (definition?.kind !== 'note' || !definition.gathers) return refuse('node.not_a_group', `“${group.title}” is no group.`, where)
  if (withContents(graph, [node.id]).has(group.id)) return refuse('node.group_cycle', `“${node.title}” cannot stand inside itself.`, where)
  return done(replaceNode(graph, { ...free, group: group.id }))
}

export const setGroupRule: OperationRule<OperationOf<'setGroup'>> = {
  apply: setGroup,
  invert: (before, { nodeId, after }) => {
    const node = findNode(before, nodeId)
    return node ? { kind: 'setGroup', nodeId, before: after, after: node.group ?? null, guarded: true } : null
  },
  describe: ({ nodeId, after }, graph) =>
    after === null
      ? phrase`Took ${nameNodes([nodeId], graph)} out of its group`
      : phrase`Put ${nameNodes([nodeId], graph)} into ${nameNodes([after], graph)}`,
  touches: ({ nodeId }) => [`node/${nodeId}/group`],
}
