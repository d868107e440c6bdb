import type { Graph } from './schema'

/** Ids of everything that can be reached from these nodes over edges, without the nodes themselves unless they lie in a loop. */
export function downstreamOf(graph: Pick<Graph, 'edges'>, nodeIds: string | readonly string[]): Set<string> {
  return reach(graph, nodeIds, 'from', 'to')
}

export function reach(
  graph: Pick<Graph, 'edges'>,
  nodeIds: string | readonly string[],
  near: 'from' | 'to',
  far: 'from' | 'to',
): Set<string> {
  const next = new Map<string, string[]>()
  for (const edge of graph.edges) {
    const list = next.get(edge[near])
    if (list) list.push(edge[far])
    else next.set(edge[near], [edge[far]])
  }
  const found = new Set<string>()
  const todo = typeof nodeIds === 'string' ? [nodeIds] : [...nodeIds]
  while (todo.length > 0) {
    for (const id of next.get(todo.pop() as string) ?? []) {
      if (found.has(id)) continue
      found.add(id)
      todo.push(id)
    }
  }
  return found
}
