import { describe, expect, it } from 'vitest'
import { typedDuration } from './typed-duration'

const minute = 60_000

describe('a duration that is typed', () => {
  it.each([
    ['1h 30m', 90 * minute],
    ['1h30', null],
    ['90 s', 90_000],
    ['1.5 hours', 90 * minute],
    ['1,5 Std', 90 * minute],
    ['2 days', 2 * 86_400_000],
    ['2 Tage und 3 Stunden', 51 * 60 * minute],
    ['1 week', 7 * 86_400_000],
    ['250ms', 250],
    ['5 min.', 5 * minute],
    ['1:30', 90 * minute],
    ['0:01:30', 90_000],
    ['15', 15 * minute],
    ['0', 0],
    ['', null],
    ['soon', null],
    ['3 apples', null],
    ['3 months', null],
    ['-5 min', null],
    ['1e9', null],
    ['5 min 3', null],
  ])('%s', (text, ms) => {
    expect(typedDuration(text, minute)).toBe(ms)
  })
})
