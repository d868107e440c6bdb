import { formatDuration } from '@/components/ui/format'
import { definitionOf } from '@/workflows/graph/catalogue'
import { portsOf } from '@/workflows/graph/ports-of'
import type { Graph } from '@/workflows/graph/schema'
import { leavesBy } from '@/workflows/graph/taken-ports'
import { catalogue } from '@/workflows/nodes/catalogue'

/** From where on an edge leads out of sight of the case that stands in its node. */
const farFrom = 520

/** By which way a node was left, with how many items, and how long it took; null where that is not known. */
export interface Went {
  port: string | null
  items: number | null
  durationMs: number | null
}

/** What went through each edge, and the name of the case where its node is far away. Edges with nothing to say are left out. */
export function edgeLabels(
  graph: Graph,
  went: ReadonlyMap<string, Went>,
  words: { items: (count: number) => string; case: (port: string) => string },
): Map<string, string> {
  const labels = new Map<string, string>()
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const edge of graph.edges) {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)]
    if (!from || !to || edge.toPort === 'tools') continue
    const parts: string[] = []
    const definition = definitionOf(from, catalogue)
    const several = definition && portsOf(from, definition).out.filter((port) => port !== 'tool').length > 1
    if (several && Math.hypot(to.position.x - from.position.x, to.position.y - from.position.y) > farFrom)
      parts.push(words.case(edge.fromPort))
    const through = went.get(edge.from)
    if (through && leavesBy(through.port, edge.fromPort)) {
      if (through.items !== null) parts.push(words.items(through.items))
      if (through.durationMs !== null) parts.push(through.durationMs < 1 ? '< 1 ms' : formatDuration(through.durationMs))
    }
    if (parts.length > 0) labels.set(edge.id, parts.join(' · '))
  }
  return labels
}
