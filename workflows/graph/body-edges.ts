import type { NodeDefinition } from '../nodes/define'
import type { Graph, GraphEdge, GraphNode } from './schema'

/**
 * The graph with an edge from each container to everything inside it, for questions about order and reach: what stands inside runs
 * after what leads to its container. The graph itself where nothing has a container.
 */
export function withBodyEdges<G extends Pick<Graph, 'nodes' | 'edges'>>(graph: G): Pick<Graph, 'nodes' | 'edges'> {
  const inside = graph.nodes.filter((node) => node.parent !== undefined)
  if (inside.length === 0) return graph
  const edges = inside.map(
    (node): GraphEdge => ({ id: `body_${node.id}`, from: node.parent as string, fromPort: 'main', to: node.id, toPort: 'main' }),
  )
  return { nodes: graph.nodes, edges: [...graph.edges, ...edges] }
}

/** The containers around a node, from the innermost outwards; ends where a container is missing or stands inside itself. */
export function containersOf(nodeId: string, nodes: ReadonlyMap<string, Pick<GraphNode, 'parent'>>): string[] {
  const found: string[] = []
  for (let id = nodes.get(nodeId)?.parent; id !== undefined && nodes.has(id) && !found.includes(id); id = nodes.get(id)?.parent)
    found.push(id)
  return found
}

/** What a node type says of its inside; undefined where nothing can stand in it. */
export function bodyOf(definition: NodeDefinition | null | undefined) {
  return definition?.kind === 'control' ? definition.body : undefined
}
