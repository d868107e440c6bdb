import { describe, expect, it } from 'vitest'
import { wordsOf } from './read-cron'

describe('a schedule in words', () => {
  it('says every day where only times are named, and of intervals no more than there is to say', () => {
    expect(wordsOf('0 8 * * *')).toBe('At 08:00, every day')
    expect(wordsOf('0 8,12 * * *', 'de')).toBe('Um 08:00 und 12:00, jeden Tag')
    expect(wordsOf('*/5 * * * *')).toBe('Every 5 minutes')
    expect(wordsOf('0 8 1 * *')).toBe('At 08:00, on day 1 of the month')
  })

  it('is in the language that is asked for, with or without a region, else in English', () => {
    expect(wordsOf('0 8 * * 1-5')).toBe('At 08:00, Monday through Friday')
    expect(wordsOf('0 8 * * 1-5', 'de')).toBe('Um 08:00, Montag bis Freitag')
    expect(wordsOf('0 8 * * 1-5', 'de-CH')).toBe('Um 08:00, Montag bis Freitag')
    expect(wordsOf('0 8 * * 1-5', 'pt-BR')).toMatch(/segunda-feira/)
    for (const unknown of ['xx', '', 'constructor', '__proto__']) expect(wordsOf('*/5 * * * *', unknown)).toBe('Every 5 minutes')
  })

  it('is the rule itself where that cannot be said', () => {
    expect(wordsOf('now and then', 'de')).toBe('now and then')
  })
})
