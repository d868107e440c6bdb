import { describe, expect, it } from 'vitest'
import { formatBytes, formatDay, formatDuration, formatMoney, formatMonth, formatPercent, formatRelative, formatWeekday } from './format'

const now = Date.parse('2026-11-21T12:00:00Z')
const at = (offset: number) => new Date(now + offset)
const minute = 60_000

describe('words for times, spans and money', () => {
  it.each([
    [0.03, '< 0.1 ms'],
    [0.4, '0.4 ms'],
    [850, '850 ms'],
    [1234, '1.2 s'],
    [48_200, '48.2 s'],
    [210_000, '3.5 min'],
    [2 * 3_600_000, '2.0 h'],
    [3 * 86_400_000, '3 days'],
  ])('says %d ms as %s', (ms, words) => expect(formatDuration(ms)).toBe(words))

  it.each([
    [-3 * minute, '3 min ago'],
    [14 * minute, 'in 14 min'],
    [-26 * 60 * minute, 'yesterday'],
    [26 * 60 * minute, 'tomorrow'],
    [-2000, 'just now'],
  ])('says %d ms from now as %s', (offset, words) => expect(formatRelative(at(offset), now)).toBe(words))

  it('leaves out the direction where the column says it', () => {
    expect(formatRelative(at(-20 * minute), now, { bare: true })).toBe('20 min')
  })

  it('keeps the digits of a small amount that matter', () => {
    expect(formatMoney(412_800_000, 'EUR')).toBe('€412.80')
    expect(formatMoney(0, 'EUR')).toBe('€0.00')
    expect(formatMoney(400, 'USD')).toBe('$0.0004')
    expect(formatMoney(38_200, 'EUR', { precise: true })).toBe('€0.038')
  })

  it('says them as another language does', () => {
    const locale = 'de'
    expect(formatDuration(1234, locale)).toBe('1,2 s')
    expect(formatDuration(3 * 86_400_000, locale)).toBe('3 Tage')
    expect(formatRelative(at(-3 * minute), now, { locale })).toBe('vor 3 Min.')
    expect(formatRelative(at(14 * minute), now, { locale })).toBe('in 14 Min.')
    expect(formatRelative(at(-26 * 60 * minute), now, { locale })).toBe('gestern')
    expect(formatRelative(at(-2000), now, { locale })).toBe('jetzt')
    expect(formatRelative(at(-20 * minute), now, { locale, bare: true })).toBe('20 Min.')
    expect(formatMoney(1_412_800_000, 'EUR', { locale })).toBe('1.412,80\u00a0€')
    expect(formatBytes(1_234_567, locale)).toBe('1,2 MB')
    const saturday = { locale, timeZone: 'UTC', weekday: 'long' } as const
    expect(formatDay(new Date('2026-11-21T12:00:00Z'), saturday)).toBe('Samstag, 21. November')
    expect(formatWeekday(new Date('2026-11-18T12:00:00Z'), { locale, timeZone: 'UTC', weekday: 'narrow' })).toBe('M')
    expect(formatMonth(new Date('2026-12-18T12:00:00Z'), { locale, timeZone: 'UTC' })).toBe('Dezember')
    expect(formatPercent(0.987, 1, locale)).toBe('98,7\u00a0%')
  })
})
