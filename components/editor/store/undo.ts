import type { Graph } from '@/workflows/graph/schema'
import type { Editor } from './create-editor'
import type { Ui } from './ui'

/** Takes the last edit back, or does it again, and chooses what somebody would go on with. */
export function undo(editor: Editor, ui: Ui): void {
  turn(editor, ui, editor.undo)
}

export function redo(editor: Editor, ui: Ui): void {
  turn(editor, ui, editor.redo)
}

function turn(editor: Editor, ui: Ui, act: () => void) {
  const before = editor.getState().graph
  const { selection } = ui.getState()
  act()
  const chosen = chosenAfter(before, editor.getState().graph, selection)
  if (chosen) ui.select(chosen)
}

/** What came back; or, where all that was chosen is gone, the steps that led to it. Null where what is chosen stays. */
export function chosenAfter(before: Graph, after: Graph, selection: ReadonlySet<string>): string[] | null {
  const there = new Set(after.nodes.map((node) => node.id))
  const were = new Set(before.nodes.map((node) => node.id))
  const back = after.nodes.filter((node) => !were.has(node.id)).map((node) => node.id)
  if (back.length > 0) return back
  if (selection.size === 0 || [...selection].some((id) => there.has(id))) return null
  const leading = before.edges.filter((edge) => selection.has(edge.to) && edge.toPort !== 'tools' && there.has(edge.from))
  return [...new Set(leading.map((edge) => edge.from))]
}
