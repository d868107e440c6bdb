import type { OperationOf } from './operations'
import type { Graph, GraphNode } from './schema'

/** Sizes of the canvas: a node's card, the gap to the next column, the grid that tidy places stand on. */
const card = { width: 208, height: 80 }
const columnGap = 52
const rowGap = 40
const grid = 20

/**
 * The moves that tidy a graph, or some of its nodes, from left to right; null when nothing has to move. The same graph always gives the
 * same places. The layout library is loaded on first use.
 */
export async function tidyLayout(graph: Graph, nodeIds?: ReadonlySet<string>): Promise<OperationOf<'moveNodes'> | null> {
  const { Graph: DagreGraph, layout } = await loadDagre()
  const linked = new Set(graph.edges.flatMap((edge) => [edge.from, edge.to]))
  const nodes = graph.nodes.filter((node) => (nodeIds ? nodeIds.has(node.id) : linked.has(node.id)))
  if (nodes.length < 2) return null
  const tools = new Map(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => [edge.from, edge.to]))
  const flow = nodes.filter((node) => !tools.has(node.id))
  const within = new Set(flow.map((node) => node.id))

  const drawing = new DagreGraph()
  drawing.setGraph({ rankdir: 'LR', nodesep: rowGap, ranksep: columnGap, align: 'UL' })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const node of flow) {
    const hung = [...tools].filter(([, agent]) => agent === node.id).length
    drawing.setNode(node.id, { width: node.size?.width ?? card.width, height: (node.size?.height ?? card.height) + (hung > 0 ? 100 : 0) })
  }
  for (const edge of graph.edges) if (within.has(edge.from) && within.has(edge.to)) drawing.setEdge(edge.from, edge.to)
  layout(drawing)

  const corner = { x: Math.min(...nodes.map((node) => node.position.x)), y: Math.min(...nodes.map((node) => node.position.y)) }
  const drawn = flow.map((node) => {
    const { x, y, width, height } = drawing.node(node.id)
    return { node, x: x - width / 2, y: y - height / 2 }
  })
  const origin = { x: Math.min(...drawn.map(({ x }) => x)), y: Math.min(...drawn.map(({ y }) => y)) }
  const places = new Map(drawn.map(({ node, x, y }) => [node.id, { x: snap(corner.x + x - origin.x), y: snap(corner.y + y - origin.y) }]))
  hangTools(nodes, tools, places)
  const moves = nodes.flatMap((node) => {
    const after = places.get(node.id)
    return after && (after.x !== node.position.x || after.y !== node.position.y) ? [{ nodeId: node.id, before: node.position, after }] : []
  })
  return moves.length > 0 ? { kind: 'moveNodes', moves } : null
}

/** Tools hang below their agent, side by side. */
function hangTools(nodes: readonly GraphNode[], tools: ReadonlyMap<string, string>, places: Map<string, { x: number; y: number }>): void {
  const hung = new Map<string, number>()
  for (const node of nodes) {
    const agent = tools.get(node.id)
    const above = agent === undefined ? undefined : places.get(agent)
    if (agent === undefined || !above) continue
    const count = hung.get(agent) ?? 0
    hung.set(agent, count + 1)
    places.set(node.id, { x: above.x + count * 180, y: above.y + 160 })
  }
}

function snap(value: number): number {
  return Math.round(value / grid) * grid
}

async function loadDagre() {
  const module = await import('@dagrejs/dagre')
  return { Graph: module.Graph, layout: module.layout }
}
