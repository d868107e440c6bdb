import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import { makeKey } from '../make-key'
import type { Graph, GraphNode } from '../schema'
import { checkNode } from './check-node'
import { checkParent } from './check-parent'
import { done, findNode, insertAt, type OperationRule, refuse } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Puts a node on the canvas. Where its key was taken meanwhile, it gets the next free one. */
export function addNode(graph: Graph, args: OperationOf<'addNode'>, catalogue: Catalogue): OperationResult<Graph> {
  const { node } = args
  if (graph.nodes.length >= limits.graphNodes) {
    return refuse('graph.too_many_nodes', `A workflow holds at most ${limits.graphNodes} nodes. Split it in two.`, { nodeId: node.id })
  }
  if (findNode(graph, node.id)) return refuse('node.duplicate_id', 'This node is there already.', { nodeId: node.id })
  const refusal = checkNode(node, catalogue) ?? checkParent(graph, node, catalogue)
  if (refusal) return refusal
  const index = args.index ?? graph.nodes.length
  return done({ ...graph, nodes: insertAt(graph.nodes, [{ index, value: withFreeKey(graph, node) }]) })
}

export function withFreeKey(graph: Pick<Graph, 'nodes'>, node: GraphNode): GraphNode {
  const taken = new Set(graph.nodes.map((other) => other.key))
  return taken.has(node.key) ? { ...node, key: makeKey(node.key, taken) } : node
}

export const addNodeRule: OperationRule<OperationOf<'addNode'>> = {
  apply: addNode,
  invert: (before, { node }) => ({
    kind: 'removeNodes',
    nodeIds: [node.id],
    expect: { nodes: [withFreeKey(before, node)], edgeIds: [] },
    guarded: true,
  }),
  describe: ({ node }) => phrase`Added “${node.title}”`,
  touches: ({ node }) => [`node/${node.id}`],
}
