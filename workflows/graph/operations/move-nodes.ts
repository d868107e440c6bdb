import { phrase } from '../../words/spoken'
import { sameJson } from '../same-json'
import type { Graph, Problem } from '../schema'
import { changedSince, nameNodes, nodeGone, type OperationRule, skippedLock } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Moves nodes to places on the canvas; positions are the canvas's own, also inside a container. */
export function moveNodes(graph: Graph, args: OperationOf<'moveNodes'>): OperationResult<Graph> {
  const moves = new Map(args.moves.map((move) => [move.nodeId, move]))
  const skipped: Problem[] = []
  let moved = 0
  const nodes = graph.nodes.map((node) => {
    const move = moves.get(node.id)
    if (!move) return node
    if (node.locked) {
      skipped.push(skippedLock(node))
      return node
    }
    if (args.guarded && !sameJson(node.position, move.before)) {
      skipped.push(changedSince(node.id, `The place of “${node.title}”`, '/position'))
      return node
    }
    moved++
    return { ...node, position: move.after }
  })
  if (moved === 0) return skipped[0] ? { ok: false, problem: skipped[0] } : nodeGone(args.moves[0]?.nodeId ?? '')
  const value = { ...graph, nodes }
  return skipped.length > 0 ? { ok: true, value, skipped } : { ok: true, value }
}

export const moveNodesRule: OperationRule<OperationOf<'moveNodes'>> = {
  apply: moveNodes,
  invert: (before, args) => {
    const wanted = new Map(args.moves.map((move) => [move.nodeId, move]))
    const moves = before.nodes.flatMap((node) => {
      const move = wanted.get(node.id)
      return move && !node.locked && (!args.guarded || sameJson(node.position, move.before))
        ? [{ nodeId: node.id, before: move.after, after: node.position }]
        : []
    })
    return moves.length > 0 ? { kind: 'moveNodes', moves, guarded: true } : null
  },
  describe: ({ moves }, graph) =>
    phrase`Moved ${nameNodes(
      moves.map((move) => move.nodeId),
      graph,
    )}`,
  touches: ({ moves }) => moves.map((move) => `node/${move.nodeId}/position`),
}
