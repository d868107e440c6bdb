import { describe, expect, it } from 'vitest'
import { triggerSchedule } from './definition'

describe('a schedule', () => {
  it('shows its note, or where its times stand', () => {
    expect(triggerSchedule.subtitle?.({ note: 'Before the stand-up' }, triggerSchedule.form)).toBe('Before the stand-up')
    expect(triggerSchedule.subtitle?.({}, triggerSchedule.form)).toBe('At its scheduled times')
  })
})
