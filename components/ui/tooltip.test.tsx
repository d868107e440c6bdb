// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Tooltip } from './tooltip'

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
  vi.useFakeTimers({ shouldAdvanceTime: true })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function show() {
  render(
    <>
      <Tooltip content="Put the draft in order" shortcut="Shift T">
        <button type="button">Tidy</button>
      </Tooltip>
      <Tooltip content="Add a note">
        <button type="button">Note</button>
      </Tooltip>
    </>,
  )
  return { tidy: screen.getByRole('button', { name: 'Tidy' }), note: screen.getByRole('button', { name: 'Note' }) }
}

const rest = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

it('describes the button that the pointer rests on, without drawing the button anew', async () => {
  const { tidy } = show()
  fireEvent.pointerEnter(tidy, { pointerType: 'mouse' })
  expect(screen.queryByRole('tooltip')).toBeNull()
  await rest(400)
  const words = await screen.findByRole('tooltip')
  expect(words.textContent).toContain('Put the draft in order')
  expect(document.getElementById(tidy.getAttribute('aria-describedby') ?? '')?.textContent).toBe('Put the draft in order')
  expect(screen.getByRole('button', { name: 'Tidy' })).toBe(tidy)
})

it('goes away when the pointer leaves', async () => {
  const { tidy } = show()
  fireEvent.pointerEnter(tidy, { pointerType: 'mouse' })
  await rest(400)
  await screen.findByRole('tooltip')
  fireEvent.pointerLeave(tidy)
  await rest(200)
  expect(screen.queryByRole('tooltip')).toBeNull()
  expect(tidy.hasAttribute('aria-describedby')).toBe(false)
})

it('is one at a time, and the next comes at once', async () => {
  const { tidy, note } = show()
  fireEvent.pointerEnter(tidy, { pointerType: 'mouse' })
  await rest(400)
  await screen.findByRole('tooltip')
  fireEvent.pointerLeave(tidy)
  fireEvent.pointerEnter(note, { pointerType: 'mouse' })
  await rest(1)
  expect((await screen.findByRole('tooltip')).textContent).toContain('Add a note')
})

it('closes when the button is pressed or Escape is', async () => {
  const { tidy } = show()
  fireEvent.pointerEnter(tidy, { pointerType: 'mouse' })
  await rest(400)
  await screen.findByRole('tooltip')
  fireEvent.pointerDown(tidy)
  expect(screen.queryByRole('tooltip')).toBeNull()
  fireEvent.pointerEnter(tidy, { pointerType: 'mouse' })
  await rest(400)
  await screen.findByRole('tooltip')
  fireEvent.keyDown(document.body, { key: 'Escape' })
  expect(screen.queryByRole('tooltip')).toBeNull()
})

it('does not come up under a finger', async () => {
  const { tidy } = show()
  fireEvent.pointerEnter(tidy, { pointerType: 'touch' })
  await rest(1_000)
  expect(screen.queryByRole('tooltip')).toBeNull()
})
