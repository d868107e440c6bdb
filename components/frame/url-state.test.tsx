// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { FilterChip } from '@/components/ui/filter-chip'
import { renderWithApi } from '@/tests/support/render-with-api'
import { readFilters, useFilters, writeFilters } from './url-state'

afterEach(() => {
  cleanup()
  window.history.replaceState(null, '', '/')
})

const shape = { status: 'many', search: 'one' } as const
const options = [
  { value: 'failed', label: 'Failed' },
  { value: 'waiting', label: 'Waiting' },
]

function Runs() {
  const { filters, setFilters, clear, isFiltered } = useFilters(shape)
  return (
    <>
      <FilterChip label="Status" multiple options={options} values={filters.status} onChange={(status) => setFilters({ status })} />
      <output>{filters.status.join('+') || 'all'}</output>
      {isFiltered && (
        <button type="button" onClick={clear}>
          Clear all
        </button>
      )}
    </>
  )
}

describe('filters in the URL', () => {
  it('shows what a link says', () => {
    window.history.replaceState(null, '', '/runs?status=failed,waiting')
    renderWithApi(<Runs />)
    expect(screen.getByRole('status').textContent).toBe('failed+waiting')
    expect(screen.getByRole('button', { name: /^Status/ }).textContent).toContain('Failed, Waiting')
  })

  it('writes what one chooses into the address and goes back to the first page', () => {
    window.history.replaceState(null, '', '/runs?cursor=abc&project=prj_1')
    renderWithApi(<Runs />)
    fireEvent.click(screen.getByRole('button', { name: /^Status/ }))
    fireEvent.click(screen.getByRole('button', { name: 'Failed' }))
    expect(window.location.search).toBe('?project=prj_1&status=failed')
    expect(screen.getByRole('status').textContent).toBe('failed')
  })

  it('clears one filter by its cross and all of them at once', () => {
    window.history.replaceState(null, '', '/runs?status=failed&search=slack')
    renderWithApi(<Runs />)
    fireEvent.click(screen.getByRole('button', { name: 'Clear filter Status' }))
    expect(window.location.search).toBe('?search=slack')
    fireEvent.click(screen.getByText('Clear all'))
    expect(window.location.search).toBe('')
  })

  it('reads back what it wrote', () => {
    const search = new URLSearchParams('other=1')
    writeFilters(search, { status: ['failed', 'waiting'], search: 'a b' })
    expect(readFilters(search, shape)).toEqual({ status: ['failed', 'waiting'], search: 'a b' })
    expect(search.get('other')).toBe('1')
  })
})
