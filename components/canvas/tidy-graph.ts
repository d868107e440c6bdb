import { Graph as Dagre, layout } from '@dagrejs/dagre'
import type { Graph } from '@/workflows/graph/schema'
import type { Move } from './canvas'
import { viewsOf } from './node-view'

const grid = 20

/** Moves that put a graph in columns from left to right on a grid of 20; tools hang below their agents, notes stay. */
export function tidyGraph(graph: Graph): Move[] {
  const views = viewsOf(graph)
  const flow = graph.nodes.filter((node) => ['card', 'trigger'].includes(views.get(node.id)?.shape ?? 'note'))
  if (flow.length === 0) return []
  const picture = new Dagre({ multigraph: true })
  picture.setGraph({ rankdir: 'LR', ranksep: 52, nodesep: 44, align: undefined })
  picture.setDefaultEdgeLabel(() => ({}))
  for (const node of flow) {
    const view = views.get(node.id)
    const tools = toolsOf(graph, node.id).length
    const width = Math.max(view?.width ?? 208, 0)
    picture.setNode(node.id, { width, height: (view?.height ?? 56) + (tools > 0 ? 64 + 44 : 0) })
  }
  const inside = new Set(flow.map((node) => node.id))
  for (const edge of graph.edges) if (inside.has(edge.from) && inside.has(edge.to)) picture.setEdge(edge.from, edge.to, {}, edge.id)
  layout(picture)

  const left = Math.min(...flow.map((node) => node.position.x))
  const top = Math.min(...flow.map((node) => node.position.y))
  const corners = flow.map((node) => {
    const at = picture.node(node.id)
    return { node, x: at.x - at.width / 2, y: at.y - at.height / 2 }
  })
  const minX = Math.min(...corners.map((corner) => corner.x))
  const minY = Math.min(...corners.map((corner) => corner.y))
  const snap = (value: number) => Math.round(value / grid) * grid
  return corners.flatMap(({ node, x, y }) => {
    const after = { x: snap(left + x - minX), y: snap(top + y - minY) }
    const tools = toolsOf(graph, node.id).map((tool, index) => ({
      node: tool,
      after: { x: after.x - 24 + index * 176, y: after.y + (views.get(node.id)?.height ?? 56) + 64 },
    }))
    return [{ node, after }, ...tools].flatMap((move): Move[] =>
      move.node.position.x === move.after.x && move.node.position.y === move.after.y
        ? []
        : [{ nodeId: move.node.id, before: move.node.position, after: move.after }],
    )
  })
}

function toolsOf(graph: Graph, agentId: string) {
  const ids = graph.edges.filter((edge) => edge.to === agentId && edge.toPort === 'tools').map((edge) => edge.from)
  return graph.nodes.filter((node) => ids.includes(node.id))
}

/** The free place for one more tool below an agent. */
export function placeForTool(graph: Graph, agentId: string): { x: number; y: number } {
  const agent = graph.nodes.find((node) => node.id === agentId)
  if (!agent) return { x: 0, y: 0 }
  const height = viewsOf(graph).get(agentId)?.height ?? 108
  const tools = toolsOf(graph, agentId)
  const right = Math.max(agent.position.x - 24 - 176, ...tools.map((tool) => tool.position.x))
  return { x: right + 176, y: tools[0]?.position.y ?? agent.position.y + height + 64 }
}
