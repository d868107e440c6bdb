import { describe, expect, it } from 'vitest'
import { triggerSchedule } from './definition'

describe('a schedule', () => {
  it('shows its note, or where its times stand', () => {
    expect(triggerSchedule.subtitle?.({ note: 'Before the stand-up' })).toBe('Before the stand-up')
    expect(triggerSchedule.subtitle?.({})).toBe('At the times under Schedules')
  })
})
