import { limits } from '../../limits'
import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import type { Graph, Problem } from '../schema'
import { withFreeKey } from './add-node'
import { checkEnds, checkLoop } from './check-edge'
import { checkNode } from './check-node'
import { findNode, insertAt, type OperationRule, refuse } from './operation'
import { hasParentLoop } from './paste'
import type { Operation, OperationOf, OperationResult } from './schema'

/** Brings removed nodes and edges back to their places. What has lost an end since, or would close a loop now, stays away and is said. */
export function restore(graph: Graph, args: OperationOf<'restore'>, catalogue: Catalogue): OperationResult<Graph> {
  if (graph.nodes.length + args.nodes.length > limits.graphNodes) {
    return refuse('graph.too_many_nodes', `A workflow holds at most ${limits.graphNodes} nodes. Remove some first.`)
  }
  const known = new Set([...graph.nodes, ...args.nodes.map((entry) => entry.node)].map((node) => node.id))
  if (known.size < graph.nodes.length + args.nodes.length) {
    const twice = args.nodes.find(({ node }, at) => args.nodes.findIndex((other) => other.node.id === node.id) < at)
    if (twice) return refuse('node.duplicate_id', `“${twice.node.title}” comes back twice.`, { nodeId: twice.node.id })
  }
  for (const { node } of args.nodes) {
    if (findNode(graph, node.id)) return refuse('node.duplicate_id', `“${node.title}” is there already.`, { nodeId: node.id })
    const refusal = checkNode(node, catalogue)
    if (refusal) return refusal
  }
  let nodes = graph.nodes
  for (const { index, node } of [...args.nodes].sort((a, b) => a.index - b.index)) {
    const { parent, ...free } = withFreeKey({ nodes }, node)
    const value = parent !== undefined && known.has(parent) ? { ...free, parent } : free
    nodes = insertAt(nodes, [{ index, value }])
  }
  if (hasParentLoop(nodes)) return refuse('node.parent_cycle', 'A container cannot stand inside itself.')
  let next: Graph = { ...graph, nodes }
  const skipped: Problem[] = []
  for (const { index, edge } of [...args.edges].sort((a, b) => a.index - b.index)) {
    const refusal = checkEnds(next, edge) ?? checkLoop(next, edge)
    if (refusal) {
      skipped.push({ ...refusal.problem, severity: 'warning' })
      continue
    }
    next = { ...next, edges: insertAt(next.edges, [{ index, value: edge }]) }
  }
  if (args.nodes.length === 0 && skipped.length === args.edges.length && skipped[0]) return { ok: false, problem: skipped[0] }
  return skipped.length > 0 ? { ok: true, value: next, skipped } : { ok: true, value: next }
}

export const restoreRule: OperationRule<OperationOf<'restore'>> = {
  apply: restore,
  invert: (before, args, catalogue) => {
    const result = restore(before, args, catalogue)
    if (!result.ok) return null
    const nodes = result.value.nodes.filter((node) => !findNode(before, node.id))
    const known = new Set(before.edges)
    const edges = result.value.edges.filter((edge) => !known.has(edge))
    const back = new Set(nodes.map((node) => node.id))
    const loose = edges.filter((edge) => !back.has(edge.from) && !back.has(edge.to))
    const operations: Operation[] = []
    if (loose.length > 0) operations.push({ kind: 'disconnect', edgeIds: loose.map((edge) => edge.id) })
    if (nodes.length > 0) {
      const expect = { nodes, edgeIds: edges.map((edge) => edge.id) }
      operations.push({ kind: 'removeNodes', nodeIds: [...back], expect, guarded: true })
    }
    const [first] = operations
    if (!first) return null
    return operations.length === 1 ? first : { kind: 'batch', partial: true, operations }
  },
  describe: ({ nodes, edges }) => {
    if (nodes.length === 1) return phrase`Brought back “${nodes[0]?.node.title ?? ''}”`
    if (nodes.length > 1) return phrase`Brought back ${nodes.length} nodes`
    return edges.length === 1 ? phrase`Connected again` : phrase`Brought back ${edges.length} connections`
  },
  touches: ({ nodes, edges }) => [...nodes.map(({ node }) => `node/${node.id}`), ...edges.map(({ edge }) => `edge/${edge.id}`)],
}
