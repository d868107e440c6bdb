// @vitest-environment jsdom
import { cleanup } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { GoingOn, type RunRow } from '@/components/run-list/run-words'
import { renderWithApi } from '@/tests/support/render-with-api'
import type { RunDetail } from './run-model'
import { RunWaits } from './run-waits'

afterEach(cleanup)

const kinds = [
  'approval',
  'time',
  'retry',
  'callback',
  'event',
  'child',
  'chunks',
  'break',
  'circuit',
  'slot',
  'rate',
  'pause',
  'worker',
] as const

const since = new Date(Date.now() - 3 * 60_000)
const wait = (more: Partial<NonNullable<RunRow['waitingFor']>>): RunRow['waitingFor'] => ({
  kind: 'time',
  path: null,
  nodeTitle: 'Ask',
  since,
  dueAt: null,
  ...more,
})
function page(run: Partial<RunDetail>): string {
  const whole = { holder: null, waitingFor: null, moves: 0, ...run } as RunDetail
  return renderWithApi(<RunWaits run={whole} />).container.textContent ?? ''
}
function line(run: Partial<RunRow>): string {
  const whole = { error: null, status: 'running', cancelling: false, currentStep: null, ...run } as RunRow
  return renderWithApi(<GoingOn run={whole} />).container.textContent ?? ''
}

describe('what a run waits for', () => {
  it('names the queue that no worker takes, and since when', () => {
    const waitingFor = wait({ kind: 'worker', queue: 'code' })
    expect(page({ waitingFor })).toMatch(/^Waits for a worker that takes code since \d\d:\d\d/)
    expect(line({ waitingFor })).toMatch(/^Ask, waits for a worker that takes code · 3 min/)
  })

  it('says when only memory is missing', () => {
    const waitingFor = wait({ kind: 'worker', queue: 'memory' })
    expect(page({ waitingFor })).toMatch(/^Waits until its worker has memory for it since \d\d:\d\d/)
    expect(line({ waitingFor })).toMatch(/^Ask, waits until its worker has memory for it · 3 min/)
  })

  it.each(kinds)('is said for %s, on the page and in lists', (kind) => {
    const waitingFor = wait({ kind, circuit: { host: 'api.example.com', failures: 5, refused: false } })
    expect(page({ waitingFor })).toMatch(/since \d\d:\d\d$/)
    expect(line({ waitingFor })).toMatch(/ · 3 min/)
  })

  it('says how far the workers are that share a loop', () => {
    const waitingFor = wait({ kind: 'chunks', nodeTitle: 'Each order', chunks: { items: 10_000, done: 4_200, workers: 2 } })
    expect(page({ waitingFor })).toMatch(/^Each order: 2 workers share 10,000 items, 4,200 of them are done, since \d\d:\d\d$/)
    expect(line({ waitingFor })).toMatch(/^Each order, is shared by several workers · 3 min/)
  })

  it('says until when, where that is known', () => {
    expect(page({ waitingFor: wait({ dueAt: new Date(Date.now() + 2 * 3_600_000) }) })).toMatch(
      /^Ask waits for its time since .*, ends at the latest in /,
    )
  })

  it('says who has it, and when that worker was heard of last', () => {
    const holder = { host: 'box-1', since, until: since }
    expect(page({ holder })).toMatch(/^With worker box-1 since \d\d:\d\d$/)
    expect(page({ holder, waitingFor: wait({ kind: 'worker', queue: 'default' }) })).toMatch(
      /^With worker box-1 since \d\d:\d\d, which has not been heard of since \d\d:\d\dWaits for a worker since/,
    )
  })
})
