import { expect, it } from 'vitest'
import { moneyTicks } from './money-ticks'

it('marks an axis at round amounts that reach what is to be shown', () => {
  expect(moneyTicks(21_700)).toEqual([0, 10_000, 20_000, 30_000])
  expect(moneyTicks(20_000)).toEqual([0, 5_000, 10_000, 15_000, 20_000])
  expect(moneyTicks(3)).toEqual([0, 1, 2, 3])
  expect(moneyTicks(0)).toEqual([0])
})
