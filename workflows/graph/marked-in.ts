import { containersOf } from './body-edges'
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

/** Every node whose values go with those of a marked one: beside those, what stands in a container of them. */
export function forgottenIn(graph: Pick<Graph, 'nodes' | 'edges'>): ReadonlySet<string> {
  const marked = new Set(markedIn(graph))
  if (marked.size === 0) return marked
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  return new Set([...nodes.keys()].filter((id) => [id, ...containersOf(id, nodes)].some((one) => marked.has(one))))
}
