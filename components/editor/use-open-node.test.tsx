// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import type { ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { toast } from '@/components/ui/toaster'
import messages from '@/messages/en/editor.json'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import type { Editor, EditorState } from './store/create-editor'
import { createUi } from './store/ui'
import { useOpenNode } from './use-open-node'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

function opened(openNode: string, panel: 'full' | 'docked' = 'full') {
  const graph = drawGraph([step('start', 'trigger.manual', 'Start', [0, 0]), step('set', 'data.set', 'Set', [1, 0])], [])
  const draft = createStore<EditorState>(() => ({ graph }) as EditorState)
  const ui = createUi({ openNode, panel, selection: new Set([openNode]) })
  const said = vi.spyOn(toast, 'warning')
  renderHook(() => useOpenNode(draft as unknown as Editor, ui), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <NextIntlClientProvider locale="en" messages={{ editor: messages }}>
        {children}
      </NextIntlClientProvider>
    ),
  })
  const remove = () => act(() => draft.setState({ graph: { ...graph, nodes: graph.nodes.filter(({ id }) => id !== openNode) } }))
  return { ui, said, remove, ids: graph.nodes.map(({ id }) => id) }
}

it('closes a node that no graph holds, and says so', () => {
  const { ui, said } = opened('nowhere1')
  expect(ui.getState()).toMatchObject({ openNode: null, selection: new Set() })
  expect(said).toHaveBeenCalledOnce()
})

it('keeps one that is there until somebody else removes it', () => {
  const [id = ''] = opened('nowhere1').ids
  const { ui, said, remove } = opened(id)
  said.mockClear()
  expect(ui.getState().openNode).toBe(id)
  remove()
  expect(ui.getState().openNode).toBeNull()
  expect(said).toHaveBeenCalledOnce()
})

it('says nothing where the canvas is in sight and one removed it there', () => {
  const [id = ''] = opened('nowhere1').ids
  const { ui, said, remove } = opened(id, 'docked')
  said.mockClear()
  remove()
  expect(ui.getState().openNode).toBeNull()
  expect(said).not.toHaveBeenCalled()
})
