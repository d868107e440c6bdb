import type { Graph, GraphEdge, GraphNode, Problem } from '@/workflows/graph/schema'
import { type Surroundings, validate } from '@/workflows/graph/validate'

/** What changed since the last question; nodes that stayed are named only. */
export interface CheckQuestion {
  changed: readonly GraphNode[]
  /** Null where the same nodes stand in the same order. */
  ids: readonly string[] | null
  edges: readonly GraphEdge[] | null
  settings: Graph['settings']
  /** Null where they are as they were: they hold the shapes of all data. */
  surroundings: Surroundings | null
}

/** Null where everything is as it was. */
export type CheckAnswer = readonly Problem[] | null

const nodes = new Map<string, GraphNode>()
let ids: readonly string[] = []
let edges: readonly GraphEdge[] = []
let surroundings: Surroundings = {}
let before = ''

self.onmessage = ({ data }: MessageEvent<CheckQuestion>) => {
  for (const node of data.changed) nodes.set(node.id, node)
  if (data.ids) ids = data.ids
  if (data.edges) edges = data.edges
  if (data.surroundings) surroundings = data.surroundings
  const graph = {
    schema: 1 as const,
    nodes: ids.flatMap((id) => nodes.get(id) ?? []),
    edges: edges as GraphEdge[],
    ...(data.settings ? { settings: data.settings } : {}),
  }
  const problems = validate(graph, undefined, surroundings)
  const text = JSON.stringify(problems)
  self.postMessage((text === before ? null : problems) satisfies CheckAnswer)
  before = text
}
