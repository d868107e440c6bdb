// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import type { RunDetail, StepItem } from './run-model'
import { rowsOf } from './run-model'
import { Timeline } from './timeline'

const start = Date.UTC(2026, 10, 21, 10)
const at = (ms: number) => new Date(start + ms)
const step = (path: string, extra: Partial<StepItem> = {}): StepItem =>
  ({
    path,
    nodeId: path,
    nodeTitle: `Step ${path}`,
    attempt: 1,
    status: 'succeeded',
    port: 'main',
    startedAt: at(0),
    durationUs: 1_000_000,
    retryAt: null,
    error: null,
    seq: 1,
    waited: null,
    reused: false,
    ...extra,
  }) as StepItem
const run = { status: 'succeeded', graph: { nodes: [], edges: [] }, createdAt: at(0), startedAt: at(0), finishedAt: at(10_000) }

function draw(steps: StepItem[], current: string | null = null) {
  const onChoose = vi.fn()
  const rows = rowsOf(run as never, steps)
  renderWithApi(<Timeline run={run as unknown as RunDetail} rows={rows} of={rows.length} current={current} onChoose={onChoose} />)
  return { onChoose, list: screen.getByRole('listbox', { name: 'Steps' }) }
}

beforeEach(() => {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  } as never
})
afterEach(cleanup)

describe('the timeline', () => {
  it('draws only the lanes in sight of thousands', () => {
    draw(Array.from({ length: 5_000 }, (_, index) => step(`n${index}`, { seq: index, startedAt: at(index) })))
    const lanes = screen.getAllByRole('option')
    expect(lanes.length).toBeLessThan(100)
    expect(lanes[0]?.getAttribute('aria-setsize')).toBe('5000')
  })

  it('says of a step that waits since when, and until when', () => {
    const waited = { kind: 'approval', since: at(1_000), until: null, dueAt: at(7_200_000) } as const
    const rows = rowsOf({ ...run, status: 'waiting', finishedAt: null } as never, [step('ask', { status: 'waiting', waited })])
    renderWithApi(<Timeline run={run as unknown as RunDetail} rows={rows} of={1} current={null} onChoose={vi.fn()} />)
    expect(screen.getByRole('option').textContent).toContain('with a person since 10:00, at the latest until 12:00')
  })

  it('is walked by keys and says each step in a sentence', () => {
    const { onChoose, list } = draw(
      [step('a'), step('b', { seq: 2, startedAt: at(1_000) }), step('c', { seq: 3, startedAt: at(2_000) })],
      'b',
    )
    const chosen = screen.getByRole('option', { selected: true })
    expect(chosen.textContent).toContain('Step b1.0 ssince 10:00:01')
    expect(chosen.querySelector('[role=img]')?.getAttribute('aria-label')).toBe('Succeeded')
    expect(list.getAttribute('aria-activedescendant')).toBe(screen.getByRole('option', { selected: true }).id)
    fireEvent.keyDown(list, { key: 'ArrowDown' })
    expect(onChoose).toHaveBeenLastCalledWith('c')
    fireEvent.keyDown(list, { key: 'Home' })
    expect(onChoose).toHaveBeenLastCalledWith('a')
  })

  it('zooms by keys, says what is seen and shows everything again', () => {
    const { list } = draw([step('a', { startedAt: at(4_000) })], 'a')
    expect(screen.queryByRole('scrollbar')).toBeNull()
    fireEvent.keyDown(list, { key: '+' })
    expect(screen.getByText('From 2.25 s to 7.3 s')).toBeTruthy()
    expect(screen.getByRole('scrollbar', { name: 'Part of the timeline' })).toBeTruthy()
    fireEvent.keyDown(list, { key: '0' })
    expect(screen.queryByRole('scrollbar')).toBeNull()
  })

  it('leaves out the times that the flag of now would cover', () => {
    vi.useFakeTimers({ now: start + 20_000, toFake: ['Date'] })
    try {
      const going = { ...run, status: 'running', finishedAt: null } as unknown as RunDetail
      const rows = rowsOf(going, [step('a')])
      renderWithApi(<Timeline run={going} rows={rows} of={1} current={null} onChoose={vi.fn()} />)
      expect(screen.getByText('now')).toBeTruthy()
      expect(screen.getByText('15 s')).toBeTruthy()
      expect(screen.queryByText('20 s')).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it('shows the time that a step waited as a wait', () => {
    draw([step('a', { durationUs: 9_000_000, waited: { kind: 'approval', since: at(500), until: at(8_500), dueAt: null } })])
    expect(screen.getByText('waited 8.0 s')).toBeTruthy()
    expect(document.querySelector('[data-wait="approval"]')).toBeTruthy()
  })
})
