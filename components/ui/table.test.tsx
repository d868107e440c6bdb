// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import { afterEach, expect, it } from 'vitest'
import ui from '@/messages/en/ui.json'
import { Table } from './table'

afterEach(cleanup)

function page(count: number) {
  return (
    <NextIntlClientProvider locale="en" messages={{ ui }} timeZone="UTC">
      <Table
        rows={[{ id: 'a', count }]}
        columns={[{ id: 'menu', header: 'Menu', cell: ({ row }) => <input aria-label="kept" data-count={row.original.count} /> }]}
        getId={(row) => row.id}
        label="Things"
      />
    </NextIntlClientProvider>
  )
}

it('keeps what stands in a row, an open menu for one, when rows and columns come anew', () => {
  const { rerender } = render(page(1))
  const before = screen.getByLabelText('kept')
  rerender(page(2))
  expect(screen.getByLabelText('kept')).toBe(before)
  expect(before.dataset.count).toBe('2')
})
