import { phrase } from '../../words/spoken'
import type { Catalogue } from '../catalogue'
import type { Graph, GraphEdge, GraphNode } from '../schema'
import { addNode, withFreeKey } from './add-node'
import { checkEdge } from './check-edge'
import { done, findNode, type OperationRule, refuse } from './operation'
import type { OperationOf, OperationResult } from './schema'

/** Puts a new node between the two ends of an edge; the edges keep its place in the order. */
export function insertOnEdge(graph: Graph, args: OperationOf<'insertOnEdge'>, catalogue: Catalogue): OperationResult<Graph> {
  const { edgeId, node, into, out } = args
  const index = graph.edges.findIndex((edge) => edge.id === edgeId)
  const old = graph.edges[index]
  if (!old) return refuse('edge.unknown', 'This connection was removed in the meantime. Add the node and connect it.', { edgeId })
  if (old.toPort === 'tools') return refuse('edge.tool_port', 'Nothing can stand between an agent and its tool.', { edgeId })
  const fits =
    into.from === old.from &&
    into.fromPort === old.fromPort &&
    into.to === node.id &&
    out.from === node.id &&
    out.to === old.to &&
    out.toPort === old.toPort
  if (!fits)
    return refuse('edge.not_in_place', 'The new connections do not take the place of the old one. Drop the node again.', { edgeId })
  const added = addNode(
    { ...graph, edges: graph.edges.toSpliced(index, 1) },
    { kind: 'addNode', node: inFrameOf(graph, old, node) },
    catalogue,
  )
  if (!added.ok) return added
  let next = added.value
  for (const [offset, edge] of [into, out].entries()) {
    const refusal = checkEdge(next, edge, catalogue)
    if (refusal) return refusal
    next = { ...next, edges: next.edges.toSpliced(index + offset, 0, edge) }
  }
  return done(next)
}

/** The new node stands in the container in which the edge runs. */
function inFrameOf(graph: Graph, edge: GraphEdge, node: GraphNode): GraphNode {
  const { parent: _named, ...free } = node
  const parent = findNode(graph, edge.to)?.parent
  return parent === undefined ? free : { ...free, parent }
}

export const insertOnEdgeRule: OperationRule<OperationOf<'insertOnEdge'>> = {
  apply: insertOnEdge,
  invert: (before, { edgeId, node, into, out }) => {
    const index = before.edges.findIndex((edge) => edge.id === edgeId)
    const edge = before.edges[index]
    if (!edge) return null
    const expect = { nodes: [withFreeKey(before, inFrameOf(before, edge, node))], edgeIds: [into.id, out.id] }
    return {
      kind: 'batch',
      operations: [
        { kind: 'removeNodes', nodeIds: [node.id], expect, guarded: true },
        { kind: 'restore', nodes: [], edges: [{ index, edge }] },
      ],
    }
  },
  describe: ({ node, out }, graph) => phrase`Added “${node.title}” before “${findNode(graph, out.to)?.title ?? phrase`a node`}”`,
  touches: ({ edgeId, node, into, out }) => [`edge/${edgeId}`, `node/${node.id}`, `edge/${into.id}`, `edge/${out.id}`],
}
