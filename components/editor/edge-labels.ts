import { formatDuration } from '@/components/ui/format'
import { definitionOf } from '@/workflows/graph/catalogue'
import { portsOf } from '@/workflows/graph/ports-of'
import type { Graph } from '@/workflows/graph/schema'
import { leavesBy } from '@/workflows/graph/taken-ports'
import { catalogue } from '@/workflows/nodes/catalogue'
import type { DraftResult } from './editor-context'

/** From where on an edge leads out of sight of the case that stands in its node. */
const farFrom = 520

/** What went through each edge last, and the name of the case where its node is far away. Edges with nothing to say are left out. */
export function edgeLabels(
  graph: Graph,
  results: ReadonlyMap<string, Pick<DraftResult, 'status' | 'port' | 'output' | 'outputBytes' | 'durationMs' | 'stale'>>,
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
    const result = results.get(edge.from)
    if (result?.status === 'succeeded' && !result.stale && leavesBy(result.port, edge.fromPort)) {
      // Of a large output only the beginning is here.
      if (result.outputBytes === null) parts.push(words.items(Array.isArray(result.output) ? result.output.length : 1))
      if (result.durationMs !== null) parts.push(result.durationMs < 1 ? '< 1 ms' : formatDuration(result.durationMs))
    }
    if (parts.length > 0) labels.set(edge.id, parts.join(' · '))
  }
  return labels
}
