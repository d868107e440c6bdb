// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { CodePlace } from './code-place'

// jsdom lays nothing out, and the editor asks where its text stands.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList

afterEach(cleanup)

it('shows the code at once, and the editor with the same text in its place when that is there', async () => {
  render(<CodePlace value={'const one = 1\nreturn one'} language="javascript" label="Code" onChange={() => {}} />)
  expect(screen.getByRole('region', { name: 'Code' }).textContent).toContain('return one')
  const editor = await screen.findByRole('textbox', { name: 'Code' })
  expect(editor.textContent).toContain('return one')
  expect(screen.queryByRole('region', { name: 'Code' })).toBeNull()
})
