import { describe, expect, it } from 'vitest'
import { dayKey, type Fire, ledgerDays, markOfDay, onTimeShare } from './ledger-days'

const fire = (outcome: string): Fire => ({ nominalAt: new Date(), firedAt: null, outcome, reason: null, runId: null })

describe('the ledger of a schedule', () => {
  it('ends tomorrow and marks today in the viewer’s zone', () => {
    const days = ledgerDays(new Date('2026-11-21T23:30:00Z'), 7, 0, 'Europe/Berlin')
    expect(days.map((day) => day.number)).toEqual([17, 18, 19, 20, 21, 22, 23])
    expect(days.find((day) => day.today)?.number).toBe(22)
    expect(dayKey(new Date('2026-11-21T23:30:00Z'), 'Europe/Berlin')).toBe('2026-11-22')
  })

  it('shows the worst of a day', () => {
    expect(markOfDay([fire('ran'), fire('late'), fire('missed')], 0)).toBe('missed')
    expect(markOfDay([fire('ran'), fire('late')], 0)).toBe('late')
    expect(markOfDay([fire('paused')], 0)).toBe('skipped')
    expect(markOfDay([], 2)).toBe('expected')
    expect(markOfDay([], 0)).toBeNull()
  })

  it('counts late and missed starts against being on time, paused ones not', () => {
    expect(onTimeShare([fire('ran'), fire('ran'), fire('late'), fire('missed'), fire('paused')])).toBe(0.5)
    expect(onTimeShare([fire('paused')])).toBeNull()
  })
})
