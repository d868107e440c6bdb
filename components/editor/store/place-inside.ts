import { holderOf, isGroup, shownAt } from '@/components/canvas/frames'
import { viewsOf } from '@/components/canvas/views-of'
import { definitionOf } from '@/workflows/graph/catalogue'
import { downstreamOf } from '@/workflows/graph/downstream-of'
import type { Graph, GraphNode } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'
import { placeBeside } from '../place-beside'
import { freePlace } from '../places'
import type { Placement } from './ui'

type Point = { x: number; y: number }

/** From a frame's corner to where its first step stands. */
const firstStep = { x: 24, y: 64 }

/**
 * Where the next step inside an open frame goes: behind the last one in it whose way on leads nowhere yet, as another branch where it holds
 * branches, on its own while it is empty. With a port it hangs from that one of the container's own. Null where nothing can stand in it.
 */
export function placeInside(graph: Graph, nodeId: string, port?: string): { at: Point; placement: Placement } | null {
  const node = graph.nodes.find((one) => one.id === nodeId)
  const views = viewsOf(graph)
  const view = views.get(nodeId)
  if (!node || !view?.frame) return null
  const placement: Placement = port === undefined ? { kind: 'inside', nodeId } : { kind: 'after', nodeId, port }
  const steps = graph.nodes.filter((one) => holderOf(graph, one) === nodeId && !['note', 'tool'].includes(views.get(one.id)?.shape ?? ''))
  const corner = shownAt(node, view)
  if (steps.length === 0) return { at: { x: corner.x + firstStep.x, y: corner.y + firstStep.y }, placement }
  const places = steps.map((one) => shownAt(one, views.get(one.id)))
  const below = freePlace(graph.nodes, { x: Math.min(...places.map(({ x }) => x)), y: Math.min(...places.map(({ y }) => y)) })
  const { ports, branches } = bodyOf(node)
  if (port !== undefined || branches) return { at: below, placement }
  const own = downstreamOf({ edges: graph.edges.filter((edge) => edge.from !== nodeId || ports.includes(edge.fromPort)) }, nodeId)
  const end = steps
    .filter((one) => !own.has(one.id))
    .map((one) => ({ one, free: views.get(one.id)?.outs.find((out) => !out.connected && out.port !== 'error') }))
    .sort((a, b) => shownAt(b.one, views.get(b.one.id)).x - shownAt(a.one, views.get(a.one.id)).x)
    .find(({ free }) => free !== undefined)
  if (!end?.free || isGroup(node)) return { at: below, placement }
  return { at: placeBeside(graph, end.one), placement: { kind: 'after', nodeId: end.one.id, port: end.free.port } }
}

function bodyOf(node: GraphNode): { ports: readonly string[]; branches: boolean } {
  const definition = definitionOf(node, catalogue)
  const body = definition?.kind === 'control' ? definition.body : undefined
  return { ports: body?.ports ?? [], branches: body?.branches === true }
}
