// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import { EditorProvider } from './editor-context'
import { Palette } from './palette'
import { createUi } from './store/ui'

afterEach(cleanup)

it('is one stop on the way of Tab, and walked through by arrow keys', () => {
  const value = { editor: {}, ui: createUi({ palette: true }), workflow: { unavailable: [{ type: 'trigger.webhook', reason: 'no' }] } }
  renderWithApi(
    <EditorProvider value={value as never}>
      <Palette onAdd={() => {}} />
    </EditorProvider>,
  )
  const items = [...document.querySelectorAll<HTMLElement>('[data-node-type]')]
  const stops = () => items.filter((one) => one.tabIndex === 0).map((one) => one.dataset.nodeType)
  expect(stops()).toEqual(['trigger.schedule'])
  fireEvent.keyDown(screen.getByRole('textbox'), { key: 'ArrowDown' })
  expect(document.activeElement).toBe(items[1])
  fireEvent.keyDown(items[1] as HTMLElement, { key: 'ArrowDown' })
  expect(document.activeElement).toBe(items[2])
  expect(stops()).toEqual([items[2]?.dataset.nodeType])
  fireEvent.keyDown(items[2] as HTMLElement, { key: 'End' })
  expect(document.activeElement).toBe(items.at(-1))
})
