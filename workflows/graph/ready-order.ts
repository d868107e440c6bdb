import type { Graph } from './schema'

/** Node ids, each after everything it depends on, otherwise in graph order; null when edges form a loop. */
export function readyOrder(graph: Pick<Graph, 'nodes' | 'edges'>): string[] | null {
  const position = new Map(graph.nodes.map((node, index) => [node.id, index]))
  const missing = new Map<string, number>(graph.nodes.map((node) => [node.id, 0]))
  const next = new Map<string, string[]>(graph.nodes.map((node) => [node.id, []]))
  for (const edge of graph.edges) {
    if (!missing.has(edge.from) || !missing.has(edge.to)) continue
    missing.set(edge.to, (missing.get(edge.to) ?? 0) + 1)
    next.get(edge.from)?.push(edge.to)
  }
  const ready = new MinHeap()
  for (const [id, count] of missing) if (count === 0) ready.push(position.get(id) ?? 0)
  const order: string[] = []
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    const id = graph.nodes[index]?.id as string
    order.push(id)
    for (const target of next.get(id) ?? []) {
      const left = (missing.get(target) ?? 0) - 1
      missing.set(target, left)
      if (left === 0) ready.push(position.get(target) ?? 0)
    }
  }
  return order.length === graph.nodes.length ? order : null
}

class MinHeap {
  private readonly items: number[] = []

  push(value: number): void {
    const { items } = this
    let at = items.push(value) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((items[parent] as number) <= value) break
      items[at] = items[parent] as number
      at = parent
    }
    items[at] = value
  }

  pop(): number | undefined {
    const { items } = this
    const top = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return top
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= items.length) break
      if (child + 1 < items.length && (items[child + 1] as number) < (items[child] as number)) child++
      if ((items[child] as number) >= last) break
      items[at] = items[child] as number
      at = child
    }
    items[at] = last
    return top
  }
}
