import { expect, it } from 'vitest'
import { shiftInto } from './use-card-in-sight'

it('moves a card only as far as it takes to see it, and to its beginning where it is longer than the view', () => {
  expect(shiftInto(30, 100, 20, 400)).toBe(0)
  expect(shiftInto(-50, 100, 20, 400)).toBe(70)
  expect(shiftInto(390, 100, 20, 400)).toBe(-90)
  expect(shiftInto(390, 1_000, 20, 400)).toBe(-370)
})
