import { viewsOf } from '@/components/canvas/views-of'
import type { Graph } from '@/workflows/graph/schema'
import { placeBeside } from '../place-beside'
import type { Placement } from './ui'

type Point = { x: number; y: number }

/** Where the next step goes when one step alone is chosen whose way on leads nowhere yet; null otherwise. What follows a failure is drawn by hand. */
export function placeBehind(graph: Graph, chosen: ReadonlySet<string>): { at: Point; placement: Placement } | null {
  const [id] = chosen
  const node = chosen.size === 1 ? graph.nodes.find((one) => one.id === id) : undefined
  const free =
    node &&
    viewsOf(graph)
      .get(node.id)
      ?.outs.find(({ port, connected }) => !connected && port !== 'error')
  if (!node || !free || graph.edges.some((edge) => edge.from === node.id && edge.toPort === 'tools')) return null
  return { at: placeBeside(graph, node), placement: { kind: 'after', nodeId: node.id, port: free.port } }
}
