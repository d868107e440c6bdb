// @vitest-environment jsdom
import { cleanup } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderWithApi } from '@/tests/support/render-with-api'
import { WaitLine } from './wait-line'

afterEach(cleanup)

const since = new Date(Date.now() - 3 * 60_000)
const kinds = ['time', 'approval', 'callback', 'event', 'child', 'chunks'] as const
const said = (kind: (typeof kinds)[number], dueAt: Date | null) =>
  renderWithApi(<WaitLine wait={{ kind, since, dueAt }} />).container.textContent ?? ''

describe('a step that waits', () => {
  it.each(kinds)('says since when and until when it waits for %s', (kind) => {
    expect(said(kind, null)).toMatch(/ since \d\d:\d\d[,.]/)
    expect(said(kind, new Date(Date.now() + 2.5 * 3_600_000))).toMatch(/ since \d\d:\d\d.* until \d\d:\d\d \(in 2 h\)\.$/)
  })

  it('names the day where that is further than a day away', () => {
    expect(said('approval', new Date('2031-05-04T12:00:00Z'))).toContain('at the latest until 4 May 12:00 (4 May 2031)')
  })

  it('says that nothing but the other side ends it', () => {
    expect(said('callback', null)).toContain('with no deadline')
  })
})
