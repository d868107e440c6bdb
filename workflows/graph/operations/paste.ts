import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import { makeKey } from '../make-key'
import type { Graph, GraphNode } from '../schema'
import { checkEdge } from './check-edge'
import { checkNode } from './check-node'
import { checkParent } from './check-parent'
import { done, type OperationRule, refuse } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Adds nodes with the edges between them as one step of undo; keys that are taken get the next free one. */
export function paste(graph: Graph, args: OperationOf<'paste'>, catalogue: Catalogue): OperationResult<Graph> {
  if (graph.nodes.length + args.nodes.length > limits.graphNodes) {
    return refuse('graph.too_many_nodes', `A workflow holds at most ${limits.graphNodes} nodes. Paste fewer of them.`)
  }
  const ids = new Set(graph.nodes.map((node) => node.id))
  for (const node of args.nodes) {
    if (ids.has(node.id)) return refuse('node.duplicate_id', 'What was pasted is there already.', { nodeId: node.id })
    ids.add(node.id)
    const refusal = checkNode(node, catalogue)
    if (refusal) return refusal
  }
  const own = new Set(args.nodes.map((node) => node.id))
  const nodes = pastedNodes(graph, args)
  let next: Graph = { ...graph, nodes: [...graph.nodes, ...nodes] }
  if (hasParentLoop(nodes)) return refuse('node.parent_cycle', 'A container cannot stand inside itself.')
  for (const node of nodes) {
    const refusal = checkParent(next, node, catalogue)
    if (refusal) return refusal
  }
  for (const edge of args.edges) {
    if (!own.has(edge.from) || !own.has(edge.to)) {
      return refuse('edge.end_missing', 'A pasted connection leads to a node that was not pasted.', { edgeId: edge.id })
    }
    const refusal = checkEdge(next, edge, catalogue)
    if (refusal) return refusal
    next = { ...next, edges: [...next.edges, edge] }
  }
  return done(next)
}

export function hasParentLoop(nodes: readonly GraphNode[]): boolean {
  const parents = new Map(nodes.map((node) => [node.id, node.parent]))
  const free = new Set<string>()
  for (const start of parents.keys()) {
    const way = new Set<string>()
    let id: string | undefined = start
    while (id !== undefined && !free.has(id)) {
      if (way.has(id)) return true
      way.add(id)
      id = parents.get(id)
    }
    for (const seen of way) free.add(seen)
  }
  return false
}

function pastedNodes(graph: Graph, args: OperationOf<'paste'>): GraphNode[] {
  const taken = new Set(graph.nodes.map((node) => node.key))
  return args.nodes.map((node) => {
    const key = makeKey(node.key, taken)
    taken.add(key)
    return key === node.key ? node : { ...node, key }
  })
}

export const pasteRule: OperationRule<OperationOf<'paste'>> = {
  apply: paste,
  invert: (before, args) => ({
    kind: 'removeNodes',
    nodeIds: args.nodes.map((node) => node.id),
    expect: { nodes: pastedNodes(before, args), edgeIds: args.edges.map((edge) => edge.id) },
    guarded: true,
  }),
  describe: ({ nodes }) => (nodes.length === 1 ? phrase`Pasted “${nodes[0]?.title ?? ''}”` : phrase`Pasted ${nodes.length} nodes`),
  touches: ({ nodes, edges }) => [...nodes.map((node) => `node/${node.id}`), ...edges.map((edge) => `edge/${edge.id}`)],
}
