import { describe, expect, it } from 'vitest'
import { microsFrom, moneyText } from './money-text'

describe('an amount of money', () => {
  it('is read as people write it', () => {
    expect(microsFrom('0.5')).toBe(500_000)
    expect(microsFrom('0,50')).toBe(500_000)
    expect(microsFrom('.1')).toBe(100_000)
    expect(microsFrom('12')).toBe(12_000_000)
    expect(microsFrom('1,250.00')).toBe(1_250_000_000)
    expect(microsFrom('1.250,00')).toBe(1_250_000_000)
    expect(microsFrom("1'250.5")).toBe(1_250_500_000)
    expect(microsFrom('0.000001')).toBe(1)
  })
  it('is not guessed from what is none', () => {
    for (const text of ['', '.', 'a lot', '1e3', '-2', '0.0000001', '99999999999999999999']) expect(microsFrom(text)).toBeNull()
  })
  it('is written with two decimals, or as many as it has', () => {
    expect(moneyText(500_000)).toBe('0.50')
    expect(moneyText(12_000_000)).toBe('12.00')
    expect(moneyText(1_234)).toBe('0.001234')
    expect(moneyText(0)).toBe('0.00')
    expect(moneyText(2_500)).toBe('0.0025')
  })
  it('is the same after it was written and read', () => {
    for (const micros of [0, 1, 10, 250_000, 999_999, 1_000_000, 123_456_789]) expect(microsFrom(moneyText(micros))).toBe(micros)
  })
})
