import type { Operation } from '@/workflows/graph/operations'
import type { Graph, Problem } from '@/workflows/graph/schema'

export interface Fix {
  kind: 'disconnect' | 'remove'
  operation: Operation
}

/** The edit that makes a problem go away, where there is only one. */
export function fixOf(problem: Problem, graph: Graph): Fix | null {
  if (problem.edgeId && graph.edges.some((edge) => edge.id === problem.edgeId))
    return { kind: 'disconnect', operation: { kind: 'disconnect', edgeIds: [problem.edgeId] } }
  if (problem.nodeId && ['node.unknown_type', 'node.unreachable'].includes(problem.code))
    return { kind: 'remove', operation: { kind: 'removeNodes', nodeIds: [problem.nodeId] } }
  return null
}
