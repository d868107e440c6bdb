import type { EdgePaint, NodePaint } from '@/components/canvas/node-paint'
import type { Graph } from '@/workflows/graph/schema'
import type { GraphDiff } from './diff-list'

/** Both graphs in one: the later one with what it lost put back, each part marked with what became of it. */
export function mergedGraph(
  before: Graph,
  after: Graph,
  diff: GraphDiff,
): { graph: Graph; paint: Map<string, NodePaint>; edgePaint: Map<string, EdgePaint> } {
  const removed = new Set(diff.nodes.removed.map((node) => node.nodeId))
  const gone = new Set(diff.edges.removed.map((edge) => edge.edgeId))
  const kept = new Set(after.edges.map((edge) => edge.id))
  const nodes = [...after.nodes, ...before.nodes.filter((node) => removed.has(node.id))]
  const known = new Set(nodes.map((node) => node.id))
  // An edge that was reconnected keeps its id in both: the earlier one gets a name of its own.
  const lost = before.edges
    .filter((edge) => gone.has(edge.id) && known.has(edge.from) && known.has(edge.to))
    .map((edge) => (kept.has(edge.id) ? { ...edge, id: `${edge.id}_was` } : edge))
  const paint = new Map<string, NodePaint>()
  for (const node of diff.nodes.added) paint.set(node.nodeId, { change: 'added' })
  for (const node of diff.nodes.removed) paint.set(node.nodeId, { change: 'removed' })
  for (const node of diff.nodes.changed) paint.set(node.nodeId, { change: 'changed' })
  const edgePaint = new Map<string, EdgePaint>()
  for (const edge of diff.edges.added) edgePaint.set(edge.edgeId, 'added')
  for (const edge of lost) edgePaint.set(edge.id, 'removed')
  return { graph: { schema: 1, nodes, edges: [...after.edges, ...lost] }, paint, edgePaint }
}
