import { expect, it, vi } from 'vitest'
import { graph as draw } from '@/workflows/graph/test-graph'
import { placeNode, removeSelection } from './commands'
import { createEditor } from './create-editor'
import { followRemovals } from './follow-removals'
import { createUi } from './ui'

function open() {
  let next = 0
  const graph = draw('start -> a -> b')
  const editor = createEditor({
    workflowId: 'wf_1',
    clientId: 'client_1',
    confirmed: { graph, revision: 0 },
    transport: {
      apply: () => new Promise(() => {}),
      since: async () => ({ operations: [] }),
      reload: async () => ({ graph, revision: 0 }),
      isFinal: () => false,
    },
    storage: null,
    notify: vi.fn(),
    newId: () => `made_${next++}`,
    later: () => () => {},
  })
  const ui = createUi()
  followRemovals(editor, ui)
  return { editor, ui }
}

it('lets go of a node that was removed, so that the next one that is chosen stands alone', () => {
  const { editor, ui } = open()
  ui.select(['a', 'b'])
  removeSelection(editor, new Set(['b']), new Set())
  expect([...ui.getState().selection]).toEqual(['a'])
})

it('lets go of the edges that went with a node, and of a node whose adding was undone', () => {
  const { editor, ui } = open()
  ui.select([], [editor.getState().graph.edges[1]?.id ?? ''])
  removeSelection(editor, new Set(['b']), new Set())
  expect(ui.getState().selectedEdges.size).toBe(0)
  const made = placeNode(editor, 'data.set', { x: 0, y: 0 })
  ui.select([made ?? ''])
  editor.undo()
  expect(ui.getState().selection.size).toBe(0)
})

it('leaves a choice alone that is all there', () => {
  const { editor, ui } = open()
  ui.select(['a'])
  const { selection } = ui.getState()
  removeSelection(editor, new Set(['b']), new Set())
  expect(ui.getState().selection).toBe(selection)
})
