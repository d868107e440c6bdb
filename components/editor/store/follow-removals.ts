import type { Editor } from './create-editor'
import type { Ui } from './ui'

/** What is gone is no longer chosen, whoever took it away: the canvas never says so of a card that it does not draw any more. */
export function followRemovals(editor: Editor, ui: Ui): () => void {
  return editor.subscribe(({ graph }, before) => {
    if (graph === before.graph) return
    const { selection, selectedEdges } = ui.getState()
    const nodes = kept(selection, graph.nodes)
    const edges = kept(selectedEdges, graph.edges)
    if (nodes.length < selection.size || edges.length < selectedEdges.size) ui.select(nodes, edges)
  })
}

function kept(chosen: ReadonlySet<string>, there: readonly { id: string }[]): string[] {
  if (chosen.size === 0) return []
  const ids = new Set(there.map(({ id }) => id))
  return [...chosen].filter((id) => ids.has(id))
}
