import type { Graph } from './schema'

/** The ids of one loop in order, each connected to the next and the last to the first; null where there is none. */
export function findCycle(graph: Pick<Graph, 'nodes' | 'edges'>): string[] | null {
  const next = new Map<string, string[]>()
  for (const node of graph.nodes) next.set(node.id, [])
  for (const edge of graph.edges) if (next.has(edge.to)) next.get(edge.from)?.push(edge.to)

  const done = new Set<string>()
  for (const start of next.keys()) {
    if (done.has(start)) continue
    const path: string[] = []
    const onPath = new Set<string>()
    const stack: { id: string; at: number }[] = [{ id: start, at: 0 }]
    path.push(start)
    onPath.add(start)
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { id: string; at: number }
      const target = next.get(top.id)?.[top.at]
      if (target === undefined) {
        stack.pop()
        path.pop()
        onPath.delete(top.id)
        done.add(top.id)
        continue
      }
      top.at++
      if (onPath.has(target)) return path.slice(path.indexOf(target))
      if (done.has(target)) continue
      stack.push({ id: target, at: 0 })
      path.push(target)
      onPath.add(target)
    }
  }
  return null
}
