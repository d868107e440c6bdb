import type { GraphEdge, GraphNode, Problem } from '@/workflows/graph/schema'
import { type Surroundings, validate } from '@/workflows/graph/validate'

/** What changed since the last question; nodes that stayed are named only. */
export interface CheckQuestion {
  changed: readonly GraphNode[]
  ids: readonly string[]
  edges: readonly GraphEdge[] | null
  surroundings: Surroundings
}

/** Null where everything is as it was. */
export type CheckAnswer = readonly Problem[] | null

const nodes = new Map<string, GraphNode>()
let edges: readonly GraphEdge[] = []
let before = ''

self.onmessage = ({ data }: MessageEvent<CheckQuestion>) => {
  for (const node of data.changed) nodes.set(node.id, node)
  if (data.edges) edges = data.edges
  const graph = {
    schema: 1 as const,
    nodes: data.ids.flatMap((id) => nodes.get(id) ?? []),
    edges: edges as GraphEdge[],
  }
  const problems = validate(graph, undefined, data.surroundings)
  const text = JSON.stringify(problems)
  self.postMessage((text === before ? null : problems) satisfies CheckAnswer)
  before = text
}
