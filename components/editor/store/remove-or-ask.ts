import { removeSelection } from './commands'
import { filledContainers } from './containers'
import type { Editor } from './create-editor'
import type { Ui } from './ui'

/** Removes what is chosen; where a container among it holds steps that are not, asks what becomes of them first. */
export function removeOrAsk(editor: Editor, ui: Ui, nodes = ui.getState().selection, edges = ui.getState().selectedEdges): boolean {
  if (!editor.readOnly && filledContainers(editor.getState().graph, nodes).length > 0) {
    ui.setState({ dialog: 'removeContainer', removing: { nodes, edges } })
    return true
  }
  return removeSelection(editor, nodes, edges)
}
