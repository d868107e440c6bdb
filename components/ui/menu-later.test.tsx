// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import type { ReactElement } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from './dropdown-menu'
import { menuLater } from './menu-later'

function Menu({ children }: { children: ReactElement }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>{children}</DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem>Rename</DropdownMenuItem>
        <DropdownMenuItem>Export</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

const load = vi.fn(async () => Menu)

function show() {
  const Later = menuLater(load)
  render(
    <Later>
      <button type="button">Orders</button>
    </Later>,
  )
  return screen.getByRole('button', { name: 'Orders' })
}

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
  load.mockClear()
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('fetches nothing for a menu that nobody opens', () => {
  const button = show()
  expect(button.getAttribute('aria-haspopup')).toBe('menu')
  expect(button.getAttribute('aria-expanded')).toBe('false')
  expect(load).not.toHaveBeenCalled()
})

it('opens with the press that brought the menu', async () => {
  const button = show()
  await act(async () => fireEvent.pointerDown(button, { button: 0 }))
  expect(await screen.findByRole('menuitem', { name: 'Rename' })).toBeTruthy()
})

it('stands on the first entry when it was opened by key', async () => {
  const button = show()
  button.focus()
  await act(async () => fireEvent.keyDown(button, { key: 'Enter' }))
  const first = await screen.findByRole('menuitem', { name: 'Rename' })
  await vi.waitFor(() => expect(document.activeElement).toBe(first), 10_000)
})
