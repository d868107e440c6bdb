import { downstreamOf } from './downstream-of'
import type { Graph } from './schema'

/** Nodes that are marked as sensitive, what holds them, and all that follows: whatever could carry on what they gave. */
export function markedIn(graph: Pick<Graph, 'nodes' | 'edges'>): string[] {
  const parents = new Map(graph.nodes.map((node) => [node.id, node.parent]))
  const found = new Set<string>()
  const todo = graph.nodes.filter((node) => node.settings.sensitive).map((node) => node.id)
  while (todo.length > 0) {
    const id = todo.pop() as string
    if (found.has(id)) continue
    found.add(id)
    todo.push(...downstreamOf(graph, id))
    const parent = parents.get(id)
    if (parent !== undefined) todo.push(parent)
  }
  return [...found].sort()
}
