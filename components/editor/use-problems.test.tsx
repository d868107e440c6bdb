// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { drawGraph, step } from '@/workflows/templates/draw-graph'
import { EditorProvider, type WorkflowDetails } from './editor-context'
import type { Editor, EditorState } from './store/create-editor'
import { createUi } from './store/ui'
import { useProblems } from './use-problems'

const asked = vi.fn()

class Thread {
  onmessage: ((event: { data: null }) => void) | null = null
  postMessage(question: unknown) {
    asked(question)
    setTimeout(() => this.onmessage?.({ data: null }), 1)
  }
  terminate() {}
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('Worker', Thread)
  asked.mockClear()
})
afterEach(() => {
  cleanup()
  document.body.replaceChildren()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const surroundings = {}

function checking() {
  const graph = drawGraph([step('start', 'trigger.manual', 'Start', [0, 0])], [])
  const draft = createStore<EditorState>(() => ({ graph }) as EditorState)
  const wrapper = ({ children }: { children: ReactNode }) => (
    <EditorProvider value={{ editor: draft as unknown as Editor, ui: createUi(), workflow: {} as WorkflowDetails }}>
      {children}
    </EditorProvider>
  )
  renderHook(() => useProblems(surroundings), { wrapper })
  act(() => void vi.advanceTimersByTime(5_000))
  asked.mockClear()
  return () => act(() => draft.setState({ graph: { ...draft.getState().graph } }))
}

it('checks no graph between the letters of a text, the first of them included, and checks once behind the last', () => {
  const edit = checking()
  const field = document.body.appendChild(document.createElement('textarea'))
  field.focus()
  for (let letter = 0; letter < 20; letter++) {
    edit()
    act(() => void vi.advanceTimersByTime(150))
  }
  expect(asked).not.toHaveBeenCalled()
  act(() => void vi.advanceTimersByTime(250))
  expect(asked).toHaveBeenCalledTimes(1)
})

it('checks a single edit on the canvas sooner', () => {
  const edit = checking()
  edit()
  act(() => void vi.advanceTimersByTime(100))
  expect(asked).toHaveBeenCalledTimes(1)
})
