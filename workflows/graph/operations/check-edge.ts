import { limits } from '../../limits'
import { bodyOf } from '../body-edges'
import { type Catalogue, definitionOf } from '../catalogue'
import { crossesFrame } from '../crosses-frame'
import { downstreamOf } from '../downstream-of'
import { portsOf } from '../ports-of'
import type { Graph, GraphEdge, Problem } from '../schema'
import { findNode, refuse } from './operation'

type Refusal = { ok: false; problem: Problem }

/** Whether this edge may be added to the graph as it is now: both ends and ports are there, it is new and closes no loop. */
export function checkEdge(graph: Graph, edge: GraphEdge, catalogue: Catalogue): Refusal | null {
  return checkEnds(graph, edge) ?? checkPorts(graph, edge, catalogue) ?? checkLoop(graph, edge)
}

export function checkEnds(graph: Graph, edge: GraphEdge): Refusal | null {
  const edgeId = edge.id
  if (graph.edges.length >= limits.graphEdges) {
    return refuse('graph.too_many_edges', `A workflow holds at most ${limits.graphEdges} connections. Split it in two.`, { edgeId })
  }
  for (const end of [edge.from, edge.to]) {
    if (!findNode(graph, end)) {
      return refuse('edge.end_missing', 'One end of this connection was removed in the meantime. Connect it to another node.', { edgeId })
    }
  }
  if (graph.edges.some((other) => other.id === edge.id)) return refuse('edge.duplicate_id', 'This connection is there already.', { edgeId })
  if (graph.edges.some((other) => sameWay(other, edge))) {
    return refuse('edge.duplicate', 'These two ports are connected already.', { edgeId })
  }
  return null
}

export function checkPorts(graph: Graph, edge: GraphEdge, catalogue: Catalogue): Refusal | null {
  const edgeId = edge.id
  const from = findNode(graph, edge.from)
  const to = findNode(graph, edge.to)
  if (!from || !to) return null
  const fromType = definitionOf(from, catalogue)
  const toType = definitionOf(to, catalogue)
  if (!fromType || !toType)
    return refuse('node.unknown_type', 'One end of this connection has a node type that is not known here.', { edgeId })
  if (fromType.kind === 'note' || toType.kind === 'note') return refuse('edge.note', 'Notes cannot be connected.', { edgeId })
  if (toType.kind === 'trigger')
    return refuse('edge.into_trigger', `“${to.title}” starts the workflow, so nothing leads into it.`, { edgeId })
  if ((edge.fromPort === 'tool') !== (edge.toPort === 'tools')) {
    return refuse('edge.tool_port', 'A tool is connected to the tools port of an agent, and only a tool is.', { edgeId })
  }
  if (edge.toPort === 'tools' && !fromType.tool) {
    return refuse('edge.not_a_tool', `“${from.title}” cannot be used as a tool. Give the agent an HTTP request or code.`, { edgeId })
  }
  if (edge.toPort === 'tools' && isInFlow(graph, from.id)) {
    return refuse('edge.tool_in_flow', `“${from.title}” is part of the flow. Disconnect it, or give the agent a copy of it.`, { edgeId })
  }
  if (edge.toPort !== 'tools' && [from, to].some((node) => isTool(graph, node.id))) {
    return refuse('edge.tool_in_flow', 'A tool of an agent takes no part in the flow. Disconnect it from the agent first.', { edgeId })
  }
  if (crossesFrame(edge, from, to)) {
    return refuse(
      'edge.crosses_frame',
      `“${from.title}” and “${to.title}” do not stand in the same frame. Connect the container itself, or move one of them.`,
      { edgeId },
    )
  }
  if (to.parent === from.id && edge.toPort !== 'tools') {
    if (bodyOf(fromType)?.ports.includes(edge.fromPort)) return null
    return refuse('edge.port_missing', `The frame of “${from.title}” has no port called “${edge.fromPort}” inside.`, { edgeId })
  }
  if (!portsOf(from, fromType).out.includes(edge.fromPort)) {
    return refuse('edge.port_missing', `“${from.title}” has no way out called “${edge.fromPort}”.`, { edgeId })
  }
  if (!portsOf(to, toType).in.includes(edge.toPort)) {
    return refuse('edge.port_missing', `“${to.title}” has no way in called “${edge.toPort}”.`, { edgeId })
  }
  return null
}

export function checkLoop(graph: Graph, edge: GraphEdge): Refusal | null {
  if (edge.from !== edge.to && !downstreamOf(graph, edge.to).has(edge.from)) return null
  return refuse('edge.cycle', 'This connection would close a loop. Connect it to a node further on.', { edgeId: edge.id })
}

export function isTool(graph: Pick<Graph, 'edges'>, nodeId: string): boolean {
  return graph.edges.some((edge) => edge.from === nodeId && edge.toPort === 'tools')
}

function isInFlow(graph: Pick<Graph, 'edges'>, nodeId: string): boolean {
  return graph.edges.some((edge) => edge.to === nodeId || (edge.from === nodeId && edge.toPort !== 'tools'))
}

function sameWay(a: GraphEdge, b: GraphEdge): boolean {
  return a.from === b.from && a.to === b.to && a.fromPort === b.fromPort && a.toPort === b.toPort
}
