// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import { afterEach, beforeEach, expect, it } from 'vitest'
import forms from '@/messages/en/forms.json'
import { Completion } from './completion'

const suggestions = Array.from({ length: 60 }, (_, at) => ({
  label: `field${at}`,
  kind: 'field' as const,
  insert: `field${at}`,
  from: 0,
  caret: 6,
}))

function List({ index }: { index: number }) {
  const nothing = () => undefined
  const completion = {
    open: true,
    suggestions,
    index,
    partial: '',
    listId: 'list',
    activeId: `list-${index}`,
    choose: nothing,
    setActive: nothing,
    onKeyDown: () => false,
    moved: nothing,
    close: nothing,
  }
  return (
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ forms }}>
      <Completion completion={completion} anchor={{ current: document.body }} />
    </NextIntlClientProvider>
  )
}

beforeEach(() => {
  Element.prototype.scrollIntoView = () => undefined
})
afterEach(cleanup)

it('draws the suggestions that there is room for, and all of them for whoever goes on', () => {
  const { rerender } = render(<List index={0} />)
  expect(screen.getAllByRole('option')).toHaveLength(12)
  rerender(<List index={10} />)
  expect(screen.getAllByRole('option')).toHaveLength(60)
})

it('draws all of them when the list is scrolled', () => {
  render(<List index={0} />)
  fireEvent.scroll(screen.getByRole('listbox'))
  expect(screen.getAllByRole('option')).toHaveLength(60)
})
