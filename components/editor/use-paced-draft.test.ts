import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { EditorState } from './store/create-editor'
import { createUi } from './store/ui'
import { createPace } from './use-paced-draft'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function pacing() {
  const draft = createStore<EditorState>(() => ({}) as EditorState)
  const ui = createUi()
  const drawn = vi.fn()
  const pace = createPace(draft, ui)
  const stop = pace.subscribe(drawn)
  return { ui, drawn, pace, stop, edit: () => draft.setState({}), now: () => draft.getState() }
}

it('shows the first edit at once and a burst of them no more often than the screen does', () => {
  const { drawn, edit } = pacing()
  edit()
  expect(drawn).toHaveBeenCalledTimes(1)
  for (let index = 0; index < 20; index++) edit()
  vi.advanceTimersByTime(16)
  expect(drawn).toHaveBeenCalledTimes(2)
})

it('draws nothing of what lies under an open node while somebody types, and once afterwards', () => {
  const { ui, drawn, edit, pace, now } = pacing()
  ui.open('fetch')
  for (let index = 0; index < 50; index++) {
    edit()
    vi.advanceTimersByTime(40)
  }
  expect(drawn).not.toHaveBeenCalled()
  vi.advanceTimersByTime(400)
  expect(drawn).toHaveBeenCalledTimes(1)
  expect(pace.get()).toBe(now())
})

it('is up to date when the node is closed', () => {
  const { ui, drawn, edit, pace, now } = pacing()
  ui.open('fetch')
  edit()
  ui.setState({ openNode: null })
  expect(drawn).toHaveBeenCalledTimes(1)
  expect(pace.get()).toBe(now())
})
