import type { Graph, GraphEdge } from './schema'

/** Ids of everything that can be reached from these nodes over edges, without the nodes themselves unless they lie in a loop. */
export function downstreamOf(graph: Pick<Graph, 'edges'>, nodeIds: string | readonly string[]): ReadonlySet<string> {
  return reach(graph, nodeIds, 'from', 'to')
}

export function reach(
  graph: Pick<Graph, 'edges'>,
  nodeIds: string | readonly string[],
  near: 'from' | 'to',
  far: 'from' | 'to',
): ReadonlySet<string> {
  const index = indexOf(graph.edges, near, far)
  const known = typeof nodeIds === 'string' ? index.reached.get(nodeIds) : undefined
  if (known) return known
  const found = new Set<string>()
  const todo = typeof nodeIds === 'string' ? [nodeIds] : [...nodeIds]
  while (todo.length > 0) {
    for (const id of index.next.get(todo.pop() as string) ?? []) {
      if (found.has(id)) continue
      found.add(id)
      todo.push(id)
    }
  }
  if (typeof nodeIds === 'string') index.reached.set(nodeIds, found)
  return found
}

interface Index {
  next: ReadonlyMap<string, readonly string[]>
  reached: Map<string, ReadonlySet<string>>
}

/** A list of edges is never changed in place, so what was worked out for it holds as long as it lives. */
const indexes = { from: new WeakMap<readonly GraphEdge[], Index>(), to: new WeakMap<readonly GraphEdge[], Index>() }

function indexOf(edges: readonly GraphEdge[], near: 'from' | 'to', far: 'from' | 'to'): Index {
  const known = indexes[near].get(edges)
  if (known) return known
  const next = new Map<string, string[]>()
  for (const edge of edges) {
    const list = next.get(edge[near])
    if (list) list.push(edge[far])
    else next.set(edge[near], [edge[far]])
  }
  const index = { next, reached: new Map() }
  indexes[near].set(edges, index)
  return index
}
