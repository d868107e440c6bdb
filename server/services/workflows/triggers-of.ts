import type { Graph } from '@/workflows/graph/schema'
import { catalogue } from '@/workflows/nodes/catalogue'

export interface Trigger {
  nodeId: string
  title: string
  /** The part of its type after the point: `manual`, `webhook`, `schedule`. */
  kind: string
  disabled: boolean
}

/** The ways into a graph, in its order. */
export function triggersOf(graph: Graph): Trigger[] {
  return graph.nodes.flatMap((node) => {
    if (catalogue.get(node.type)?.kind !== 'trigger') return []
    return [{ nodeId: node.id, title: node.title, kind: node.type.slice(node.type.indexOf('.') + 1), disabled: node.settings.disabled }]
  })
}
