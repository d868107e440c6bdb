// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import { offsetInWords } from './offset-in-words'
import { type ShownLine, StepLogs } from './step-logs'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const startedAt = new Date('2026-03-01T10:00:00.000Z')
const after = (ms: number) => new Date(startedAt.getTime() + ms)
const levels = ['info', 'debug', 'warn', 'error'] as const
const lines = (count: number): ShownLine[] =>
  Array.from({ length: count }, (_, n) => ({ at: after(n * 7), level: levels[n % 4] ?? 'info', text: `order ${n}` }))
const shown = () => within(screen.getByRole('list', { name: 'Logs' })).getAllByRole('listitem')

describe('the lines of a step', () => {
  it('say how much they matter in a word, and when they came after the step began', () => {
    renderWithApi(<StepLogs lines={lines(4)} startedAt={startedAt} />)
    expect(shown().map((line) => line.textContent)).toEqual([
      'Info+0 msorder 0',
      'Debug+7 msorder 1',
      'Warning+14 msorder 2',
      'Error+21 msorder 3',
    ])
    expect(shown()[2]?.querySelector('time')?.dateTime).toBe('2026-03-01T10:00:00.014Z')
    for (const line of shown()) expect(line.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true')
  })

  it('show the time of day where somebody wants it', () => {
    renderWithApi(<StepLogs lines={lines(1)} startedAt={startedAt} />)
    const clock = screen.getByRole('button', { name: 'Times of day' })
    fireEvent.click(clock)
    expect(clock.getAttribute('aria-pressed')).toBe('true')
    expect(shown()[0]?.textContent).toMatch(/\d\d:00:00[.,]000/)
  })

  it('from before they had a time stand without one', () => {
    renderWithApi(<StepLogs lines={[{ at: null, level: 'info', text: 'plain' }]} startedAt={startedAt} />)
    expect(shown()[0]?.textContent).toBe('Infoplain')
    expect(screen.queryByRole('button', { name: 'Times of day' })).toBeNull()
  })

  it('can be searched and filtered when there are more than ten', async () => {
    renderWithApi(<StepLogs lines={lines(10)} startedAt={startedAt} />)
    expect(screen.queryByRole('searchbox')).toBeNull()
    expect(screen.queryByRole('button', { name: /^Level/ })).toBeNull()
    cleanup()
    renderWithApi(<StepLogs lines={lines(40)} startedAt={startedAt} />)
    fireEvent.click(screen.getByRole('button', { name: /^Level/ }))
    fireEvent.click(await screen.findByRole('button', { name: 'Warnings 10' }))
    expect(shown()).toHaveLength(10)
    fireEvent.click(screen.getByRole('button', { name: 'Errors 10' }))
    expect(shown()).toHaveLength(20)
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: ' ORDER 39 ' } })
    await waitFor(() => expect(shown().map((line) => line.textContent)).toEqual(['Error+273 msorder 39']))
    expect(screen.getByText('1 of 40 lines')).toBeTruthy()
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nothing' } })
    fireEvent.click(await screen.findByRole('button', { name: 'Show all' }))
    expect(shown()).toHaveLength(40)
  })

  it('are copied all, with full times, whatever is filtered', async () => {
    const writeText = vi.fn(async (_text: string) => {})
    vi.stubGlobal('navigator', { clipboard: { writeText } })
    const old: ShownLine = { at: null, level: 'info', text: 'plain' }
    renderWithApi(<StepLogs lines={[...lines(12), old]} startedAt={startedAt} />)
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'order 11' } })
    await waitFor(() => expect(shown()).toHaveLength(1))
    fireEvent.click(screen.getByRole('button', { name: 'Copy all lines' }))
    const copied = writeText.mock.calls[0]?.[0].split('\n') ?? []
    expect(copied).toHaveLength(13)
    expect(copied[2]).toBe('2026-03-01T10:00:00.014Z WARN order 2')
    expect(copied[12]).toBe('INFO plain')
  })

  it.each([
    [-1, '+0 ms'],
    [999, '+999 ms'],
    [1_204, '+1.204 s'],
    [59_999, '+59.999 s'],
    [90_000, '+1.5 min'],
  ])('that came after %s ms say %s', (ms, words) => {
    expect(offsetInWords(ms, 'en')).toBe(words)
  })
})
