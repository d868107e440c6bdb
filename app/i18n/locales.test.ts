import { describe, expect, it } from 'vitest'
import { chooseLocale, directionOf } from './locales'
import { withFallback } from './request'

describe('the language of a page', () => {
  it('is the one chosen, else the best that the browser asks for, else English', () => {
    expect(chooseLocale(['de', 'en'], 'de', 'en')).toBe('de')
    expect(chooseLocale(['de', 'en'], undefined, 'fr-CH, de-CH;q=0.8, en;q=0.9')).toBe('en')
    expect(chooseLocale(['de', 'en'], undefined, 'de-CH')).toBe('de')
    expect(chooseLocale(['de', 'en'], 'xx', 'fr, de;q=0.1')).toBe('de')
    expect(chooseLocale(['de', 'en'], '../../etc', ';q=;,,')).toBe('en')
  })

  it('is written from right to left where its script is', () => {
    expect([directionOf('de'), directionOf('ar'), directionOf('he-IL')]).toEqual(['ltr', 'rtl', 'rtl'])
  })

  it('falls back to English sentence by sentence', () => {
    expect(withFallback({ a: { b: 'one', c: 'two' }, d: 'three' }, { a: { b: 'eins' } })).toEqual({
      a: { b: 'eins', c: 'two' },
      d: 'three',
    })
  })
})
