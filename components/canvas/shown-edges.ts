import type { GraphEdge } from '@/workflows/graph/schema'

/** What leads into a collapsed frame or out of it is drawn at its card, once; what leads about inside is not. */
export function shownEdges(edges: readonly GraphEdge[], hidden: ReadonlyMap<string, string>): readonly GraphEdge[] {
  const ways = new Set<string>()
  return edges.flatMap((edge) => {
    const from = hidden.get(edge.from)
    const to = hidden.get(edge.to)
    if (from === undefined && to === undefined) return [edge]
    const drawn = {
      ...edge,
      ...(from === undefined ? {} : { from, fromPort: 'main' }),
      ...(to === undefined ? {} : { to, toPort: 'main' }),
    }
    const way = `${drawn.from} ${drawn.fromPort} ${drawn.to} ${drawn.toPort}`
    if (drawn.from === drawn.to || ways.has(way)) return []
    ways.add(way)
    return [drawn]
  })
}
