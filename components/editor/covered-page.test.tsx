// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Graph } from '@/workflows/graph/schema'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { EditorProvider, type WorkflowDetails } from './editor-context'
import type { Editor, EditorState } from './store/create-editor'
import { createUi } from './store/ui'
import { useBelow } from './use-below'
import { useCoveredCanvas } from './use-covered-canvas'
import { useNodeBesideParams } from './use-node-beside-params'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function editing(more = 0) {
  const graph = drawGraph(
    [
      step('start', 'trigger.manual', 'Start', [0, 0]),
      step('fetch', 'http.request', 'Fetch', [1, 0]),
      ...Array.from({ length: more }, (_, index) => step(`more${index}`, 'data.set', `More ${index}`, [index, 1])),
    ],
    ['start -> fetch'],
  )
  const draft = createStore<EditorState>(() => ({ graph }) as EditorState)
  const ui = createUi()
  const change = (edit: (node: Graph['nodes'][number]) => Graph['nodes'][number]) =>
    act(() => {
      const now = draft.getState().graph
      draft.setState({ graph: { ...now, nodes: now.nodes.map((node) => (node.id === 'fetch' ? edit(node) : node)) } })
    })
  const wrapper = ({ children }: { children: ReactNode }) => (
    <EditorProvider value={{ editor: draft as unknown as Editor, ui, workflow: {} as WorkflowDetails }}>{children}</EditorProvider>
  )
  return { ui, change, type: (url: string) => change((node) => ({ ...node, params: { url } })), wrapper }
}

it('draws nothing of a panel for a key in one of its fields, and the new name at once', () => {
  const { type, change, wrapper } = editing()
  const drawn = vi.fn()
  const { result } = renderHook(
    () => {
      drawn()
      return useNodeBesideParams('fetch')
    },
    { wrapper },
  )
  const before = drawn.mock.calls.length
  for (const url of ['h', 'ht', 'htt', 'http']) type(url)
  expect(drawn.mock.calls.length).toBe(before)
  change((node) => ({ ...node, title: 'Fetch orders' }))
  expect(result.current?.title).toBe('Fetch orders')
})

it('shows nothing new under a node opened in full until its edits rest, and all of it when the node is closed', () => {
  const { ui, type, wrapper } = editing()
  ui.setState({ openNode: 'fetch', panel: 'full' })
  const { result, rerender } = renderHook(({ found }) => useBelow(found), { wrapper, initialProps: { found: 'none' } })
  rerender({ found: 'one' })
  for (let index = 0; index < 20; index++) {
    type('h'.repeat(index))
    act(() => void vi.advanceTimersByTime(100))
  }
  expect(result.current).toBe('none')
  act(() => void vi.advanceTimersByTime(400))
  expect(result.current).toBe('one')
  rerender({ found: 'two' })
  expect(result.current).toBe('one')
  act(() => ui.setState({ openNode: null }))
  expect(result.current).toBe('two')
})

function drawnCanvas() {
  const place = document.createElement('div')
  place.innerHTML = '<div data-testid="canvas" data-ready="true"></div>'
  return { current: place }
}

it('takes a large graph out of what the browser draws while a node stands in front of it, and brings it back with its close', () => {
  const { ui, wrapper } = editing(200)
  const place = drawnCanvas()
  renderHook(() => useCoveredCanvas(place), { wrapper })
  act(() => ui.setState({ openNode: 'fetch', panel: 'full' }))
  expect(place.current.dataset.covered).toBeUndefined()
  act(() => void vi.advanceTimersByTime(2_000))
  expect(place.current.dataset.covered).toBe('')
  act(() => ui.setState({ panel: 'docked' }))
  expect(place.current.dataset.covered).toBeUndefined()
})

it('leaves a small graph and one that was never drawn as they are', () => {
  const small = editing()
  const place = drawnCanvas()
  renderHook(() => useCoveredCanvas(place), { wrapper: small.wrapper })
  act(() => small.ui.setState({ openNode: 'fetch', panel: 'full' }))
  const large = editing(200)
  const never = { current: document.createElement('div') }
  renderHook(() => useCoveredCanvas(never), { wrapper: large.wrapper })
  act(() => large.ui.setState({ openNode: 'fetch', panel: 'full' }))
  act(() => void vi.advanceTimersByTime(5_000))
  expect(place.current.dataset.covered).toBeUndefined()
  expect(never.current.dataset.covered).toBeUndefined()
})
