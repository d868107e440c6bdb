import type { Graph } from '@/workflows/graph/schema'
import { viewsOf } from './views-of'

/** The free place for one more tool below an agent. */
export function placeForTool(graph: Graph, agentId: string): { x: number; y: number } {
  const agent = graph.nodes.find((node) => node.id === agentId)
  if (!agent) return { x: 0, y: 0 }
  const height = viewsOf(graph).get(agentId)?.height ?? 108
  const tools = toolsOf(graph, agentId)
  const right = Math.max(agent.position.x - 24 - 176, ...tools.map((tool) => tool.position.x))
  return { x: right + 176, y: tools[0]?.position.y ?? agent.position.y + height + 64 }
}

function toolsOf(graph: Graph, agentId: string) {
  const ids = graph.edges.filter((edge) => edge.to === agentId && edge.toPort === 'tools').map((edge) => edge.from)
  return graph.nodes.filter((node) => ids.includes(node.id))
}
