import type { Graph } from './schema'

/** Answers "does `earlier` run before `later`?" for a whole graph at once; one bit for each pair, so 10,000 nodes take 13 MB for a moment. */
export function createAncestors(
  graph: Pick<Graph, 'nodes' | 'edges'>,
  order: readonly string[],
): (earlier: string, later: string) => boolean {
  const position = new Map(order.map((id, index) => [id, index]))
  const words = Math.ceil(order.length / 32)
  const sets = new Uint32Array(words * order.length)
  const incoming = new Map<number, number[]>()
  const agentOf = new Map<number, number[]>()
  for (const edge of graph.edges) {
    const from = position.get(edge.from)
    const to = position.get(edge.to)
    if (from === undefined || to === undefined) continue
    const [map, key, value] = edge.toPort === 'tools' ? ([agentOf, from, to] as const) : ([incoming, to, from] as const)
    const list = map.get(key)
    if (list) list.push(value)
    else map.set(key, [value])
  }
  for (let at = 0; at < order.length; at++) {
    for (const from of incoming.get(at) ?? []) {
      for (let word = 0; word < words; word++)
        sets[at * words + word] = (sets[at * words + word] as number) | (sets[from * words + word] as number)
      const word = at * words + (from >> 5)
      sets[word] = (sets[word] as number) | (1 << (from & 31))
    }
  }
  const isBefore = (from: number, at: number): boolean => (((sets[at * words + (from >> 5)] as number) >>> (from & 31)) & 1) === 1
  return (earlier, later) => {
    const from = position.get(earlier)
    const at = position.get(later)
    if (from === undefined || at === undefined) return false
    // A tool reads what its agent may read.
    return isBefore(from, at) || (agentOf.get(at) ?? []).some((agent) => isBefore(from, agent))
  }
}
