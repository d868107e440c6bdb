import { holderOf } from '@/components/canvas/frames'
import type { Graph } from '@/workflows/graph/schema'
import type { Editor } from './create-editor'

/** Opens every collapsed frame that a node stands in, so that it can be seen. */
export function openAround(editor: Pick<Editor, 'getState' | 'perform' | 'readOnly'>, nodeId: string): void {
  const closed = closedAround(editor.getState().graph, nodeId)
  if (closed.length > 0 && !editor.readOnly) editor.perform({ kind: 'setCollapsed', nodeIds: closed, collapsed: false })
}

/** The collapsed frames that a node stands in, the nearest first. */
export function closedAround(graph: Pick<Graph, 'nodes'>, nodeId: string): string[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const closed: string[] = []
  const seen = new Set<string>()
  for (let node = nodes.get(nodeId); node && !seen.has(node.id); node = nodes.get(holderOf(graph, node) ?? '')) {
    seen.add(node.id)
    if (node.id !== nodeId && node.collapsed) closed.push(node.id)
  }
  return closed
}
