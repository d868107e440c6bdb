import type { NodeDefinition } from '../nodes/define'
import { bodyOf } from './body-edges'
import { crossesFrame } from './crosses-frame'
import { portsOf } from './ports-of'
import type { Graph, GraphEdge, GraphNode, Problem } from './schema'

type Known = ReadonlyMap<string, { node: GraphNode; definition: NodeDefinition }>

/** Edges that lead nowhere, use ports that are not there, or mix tools with the flow. */
export function validateEdges(graph: Graph, nodes: Known): Problem[] {
  const ids = new Set(graph.nodes.map((node) => node.id))
  const edgeIds = new Set<string>()
  const ways = new Set<string>()
  const found: Problem[] = []
  const add = (edge: GraphEdge, code: string, message: string, nodeId?: string) =>
    found.push({ code, severity: 'error', edgeId: edge.id, ...(nodeId === undefined ? {} : { nodeId }), message })

  const tools = new Set(graph.edges.filter((edge) => edge.toPort === 'tools').map((edge) => edge.from))
  const leftBy = new Set(graph.edges.map((edge) => JSON.stringify([edge.from, edge.fromPort])))
  const ports = new Map([...nodes].map(([id, { node, definition }]) => [id, portsOf(node, definition)]))

  for (const edge of graph.edges) {
    if (edgeIds.has(edge.id)) add(edge, 'edge.duplicate_id', 'Two connections have the same id. Remove one and draw it again.')
    edgeIds.add(edge.id)
    const way = JSON.stringify([edge.from, edge.fromPort, edge.to, edge.toPort])
    if (ways.has(way)) add(edge, 'edge.duplicate', 'Two connections join the same two ports. Remove one of them.', edge.to)
    ways.add(way)
    const missing = [edge.from, edge.to].find((id) => !ids.has(id))
    if (missing !== undefined) {
      const there = missing === edge.from ? edge.to : edge.from
      add(edge, 'edge.end_missing', 'A connection leads to a node that is not there. Remove it.', ids.has(there) ? there : undefined)
      continue
    }
    const from = nodes.get(edge.from)
    const to = nodes.get(edge.to)
    if (!from || !to) continue
    if (from.definition.kind === 'note' || to.definition.kind === 'note') {
      add(edge, 'edge.note', 'A note is connected to something. Remove the connection.', edge.from)
    } else if (to.definition.kind === 'trigger') {
      add(edge, 'edge.into_trigger', `“${to.node.title}” starts the workflow, so nothing can lead into it. Remove the connection.`, edge.to)
    } else if ((edge.fromPort === 'tool') !== (edge.toPort === 'tools')) {
      add(
        edge,
        'edge.tool_port',
        `“${from.node.title}” is connected to “${to.node.title}” as half a tool. Draw the connection again.`,
        edge.to,
      )
    } else if (edge.toPort === 'tools' && !from.definition.tool) {
      add(
        edge,
        'edge.not_a_tool',
        `“${from.node.title}” cannot be used as a tool. Give “${to.node.title}” an HTTP request or code.`,
        edge.from,
      )
    } else if (edge.toPort !== 'tools' && (tools.has(edge.from) || tools.has(edge.to))) {
      const tool = tools.has(edge.from) ? from : to
      add(
        edge,
        'edge.tool_in_flow',
        `“${tool.node.title}” is a tool of an agent and takes no part in the flow. Remove one of its connections.`,
        tool.node.id,
      )
    } else if (crossesFrame(edge, from.node, to.node)) {
      add(
        edge,
        'edge.crosses_frame',
        `“${from.node.title}” and “${to.node.title}” do not stand in the same frame, so nothing can lead from one to the other. Connect to the container itself.`,
        edge.to,
      )
    } else if (to.node.parent === edge.from && edge.toPort !== 'tools') {
      if (bodyOf(from.definition)?.ports.includes(edge.fromPort)) continue
      add(
        edge,
        'edge.port_missing',
        `The frame of “${from.node.title}” has no port called “${edge.fromPort}” inside. What nothing leads into starts by itself.`,
        edge.from,
      )
    } else if (!ports.get(edge.from)?.out.includes(edge.fromPort)) {
      add(
        edge,
        'edge.port_missing',
        `“${from.node.title}” has no way out called “${edge.fromPort}” any more. Connect another one or remove this.`,
        edge.from,
      )
    } else if (!ports.get(edge.to)?.in.includes(edge.toPort)) {
      add(edge, 'edge.port_missing', `“${to.node.title}” has no way in called “${edge.toPort}”. Remove the connection.`, edge.to)
    }
  }
  for (const { node } of nodes.values()) {
    if (node.settings.onError !== 'port' || tools.has(node.id) || leftBy.has(JSON.stringify([node.id, 'error']))) continue
    found.push({
      code: 'node.error_port_unused',
      severity: 'warning',
      nodeId: node.id,
      pointer: '/settings/onError',
      message: `When “${node.title}” fails, the run goes out by its error port, where nothing is connected: the failure will look like a success.`,
    })
  }
  return found
}
