import { phrase } from '../../words/spoken'
import type { Graph, Problem } from '../schema'
import { changedSince, findNode, nodeGone, type OperationRule, refuse, refuseLocked, replaceNode } from './operation'
import type { OperationOf, OperationResult, Overwrite } from './schema'

/** Changes what a node is called on the canvas, in expressions, or both. Expressions hold its id, so nothing else changes. */
export function renameNode(graph: Graph, args: OperationOf<'renameNode'>): OperationResult<Graph> {
  const node = findNode(graph, args.nodeId)
  if (!node) return nodeGone(args.nodeId)
  const locked = refuseLocked(node)
  if (locked) return locked
  const overwrote: Overwrite[] = []
  const skipped: Problem[] = []
  const changed = { ...node }
  let parts = 0
  for (const field of ['title', 'key'] as const) {
    const change = args[field]
    if (!change) continue
    if (node[field] !== change.before && node[field] !== change.after) {
      if (args.guarded) {
        skipped.push(changedSince(node.id, `The ${field === 'key' ? 'key' : 'title'} of “${node.title}”`, `/${field}`))
        continue
      }
      overwrote.push({ nodeId: node.id, pointer: `/${field}`, expected: change.before, found: node[field] })
    }
    if (field === 'key' && graph.nodes.some((other) => other.id !== node.id && other.key === change.after)) {
      return refuse('node.key_taken', `Another node is called “${change.after}” already. Choose another key.`, {
        nodeId: node.id,
        pointer: '/key',
      })
    }
    changed[field] = change.after
    parts++
  }
  if (parts === 0 && skipped[0]) return { ok: false, problem: skipped[0] }
  return {
    ok: true,
    value: replaceNode(graph, changed),
    ...(overwrote.length > 0 ? { overwrote } : {}),
    ...(skipped.length > 0 ? { skipped } : {}),
  }
}

export const renameNodeRule: OperationRule<OperationOf<'renameNode'>> = {
  apply: renameNode,
  invert: (before, { nodeId, title, key }) => {
    const node = findNode(before, nodeId)
    if (!node || (!title && !key)) return null
    return {
      kind: 'renameNode',
      nodeId,
      ...(title ? { title: { before: title.after, after: node.title } } : {}),
      ...(key ? { key: { before: key.after, after: node.key } } : {}),
      guarded: true,
    }
  },
  describe: ({ title, key }) =>
    title ? phrase`Renamed “${title.before}” to “${title.after}”` : phrase`Changed the key to “${key?.after ?? ''}”`,
  touches: ({ nodeId, title, key }) => [...(title ? [`node/${nodeId}/title`] : []), ...(key ? [`node/${nodeId}/key`] : [])],
}
