import type { Graph } from '@/workflows/graph/schema'

/**
 * The later graph with the objects of the earlier one wherever they say the same, and the earlier one itself where all of it does: what the
 * server confirms is on screen already, and nothing has to be drawn again for it.
 */
export function keepSame(earlier: Graph, later: Graph): Graph {
  const nodes = keepEach(earlier.nodes, later.nodes)
  const edges = keepEach(earlier.edges, later.edges)
  const isSame = nodes === earlier.nodes && edges === earlier.edges && reads(earlier.settings, later.settings)
  return isSame ? earlier : { ...later, nodes, edges }
}

function keepEach<One extends { id: string }>(earlier: One[], later: One[]): One[] {
  if (earlier === later) return earlier
  const known = new Map(earlier.map((one) => [one.id, one]))
  const kept = later.map((one) => {
    const before = known.get(one.id)
    return before && reads(before, one) ? before : one
  })
  return kept.length === earlier.length && kept.every((one, index) => one === earlier[index]) ? earlier : kept
}

/** The order of an object's keys counts: people see the names of headers in theirs. */
function reads(one: unknown, other: unknown) {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
