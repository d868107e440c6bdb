// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react'
import { useRef } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { useVirtualRows } from './use-virtual-rows'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

function Rows() {
  const list = useRef<HTMLUListElement>(null)
  const { from, to, box } = useVirtualRows(list, { count: 100_000, rowHeight: 20 })
  return <ul ref={list} data-from={from} data-to={to} style={box} />
}

it.each([
  ['far below what is seen', 1e6],
  ['at its beginning', 0],
  ['scrolled to its end', -20 * 99_990],
  ['scrolled past its end', -20 * 200_000],
])('a list that stands %s comes to rest', (_where, top) => {
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(() => new DOMRect(0, top, 100, 600))
  const { container } = render(<Rows />)
  const list = container.querySelector('ul') as HTMLElement
  const [from, to] = [Number(list.dataset.from), Number(list.dataset.to)]
  expect(to).toBeGreaterThan(from)
  expect(to - from).toBeLessThan(100)
  expect(list.style).toMatchObject({ height: '2000000px', paddingTop: `${from * 20}px`, boxSizing: 'border-box' })
})
