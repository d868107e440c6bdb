import type { Catalogue } from './catalogue'
import type { Graph, GraphNode } from './schema'
import { leavesBy } from './taken-ports'

interface Standing {
  /** Would run next: everything that leads to them is settled and something came in. */
  next: string[]
  /** The flow goes another way: nothing will come to them. */
  passedBy: Set<string>
}

/** How far a test has come that gave these nodes a way out: which nodes would run now. What stands in a container goes with it. */
export function standingOf(graph: Graph, taken: ReadonlyMap<string, string | null>, catalogue: Catalogue): Standing {
  const nodes = graph.nodes.filter((node) => node.parent === undefined && catalogue.get(node.type)?.kind !== 'note')
  const ids = new Set(nodes.map((node) => node.id))
  const tools = new Set(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => edge.from))
  const edges = graph.edges.filter((edge) => edge.toPort !== 'tools' && ids.has(edge.from) && ids.has(edge.to))
  const into = new Map<string, typeof edges>()
  for (const edge of edges) into.set(edge.to, [...(into.get(edge.to) ?? []), edge])
  const passedBy = new Set<string>()
  const passedOn = new Set<string>()
  const next = new Set<string>()
  const isOpen = (node: GraphNode) => !taken.has(node.id) && !passedBy.has(node.id) && !passedOn.has(node.id) && !next.has(node.id)
  for (let changed = true; changed; ) {
    changed = false
    for (const node of nodes) {
      if (!isOpen(node) || tools.has(node.id)) continue
      const incoming = into.get(node.id) ?? []
      const fired = (edge: (typeof edges)[number]) =>
        passedOn.has(edge.from) || (taken.has(edge.from) && leavesBy(taken.get(edge.from), edge.fromPort))
      const settled = incoming.every((edge) => taken.has(edge.from) || passedBy.has(edge.from) || passedOn.has(edge.from))
      if (!settled) continue
      changed = true
      if (!incoming.some(fired)) passedBy.add(node.id)
      // A node that is switched off passes on what came in.
      else if (node.settings.disabled) passedOn.add(node.id)
      else next.add(node.id)
    }
  }
  return { next: [...next], passedBy }
}
