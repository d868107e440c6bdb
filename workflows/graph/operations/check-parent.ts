import { limits } from '../../limits'
import { bodyOf, containersOf } from '../body-edges'
import { type Catalogue, definitionOf } from '../catalogue'
import type { Graph, GraphNode, Problem } from '../schema'
import { findNode, refuse } from './operation'
import { withContents } from './remove-nodes'

/** Whether a node may stand in the container it names, as the graph is now; null when it may. */
export function checkParent(graph: Graph, node: GraphNode, catalogue: Catalogue): { ok: false; problem: Problem } | null {
  if (node.parent === undefined) return null
  const where = { nodeId: node.id, pointer: '/parent' }
  const parent = findNode(graph, node.parent)
  if (!parent) return refuse('node.parent_missing', 'The container that this node belongs to was removed in the meantime.', where)
  if (!bodyOf(definitionOf(parent, catalogue))) {
    return refuse('node.parent_not_container', `“${parent.title}” holds no steps. Choose a container such as “For each”.`, where)
  }
  if (definitionOf(node, catalogue)?.kind === 'trigger') {
    return refuse('node.trigger_inside', `“${node.title}” starts the workflow, so it cannot stand in a container.`, where)
  }
  const nodes = new Map(graph.nodes.map((one) => [one.id, one]))
  nodes.set(node.id, node)
  const deepest = Math.max(...[...withContents({ nodes: [...nodes.values()] }, [node.id])].map((id) => containersOf(id, nodes).length))
  if (deepest <= limits.containerDepth) return null
  return refuse('node.too_deep', `Containers stand in each other ${limits.containerDepth} deep at most. Choose another one.`, where)
}
