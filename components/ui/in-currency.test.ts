import { expect, it } from 'vitest'
import { inCurrency } from './in-currency'

it('says an amount in the currency of the organization', () => {
  expect(inCurrency('gpt-5 · ≤ ¤0.50 a run', 'EUR')).toBe('gpt-5 · ≤ €0.50 a run')
  expect(inCurrency('gpt-5 · ≤ ¤12 a run', 'USD')).toBe('gpt-5 · ≤ $12.00 a run')
  expect(inCurrency('gpt-5 · ≤ ¤0.50 a run', null)).toBe('gpt-5 · ≤ 0.50 a run')
  expect(inCurrency('GET /orders/0.50', 'EUR')).toBe('GET /orders/0.50')
})
