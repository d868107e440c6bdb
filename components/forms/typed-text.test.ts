import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { otherKind, typedText, typedValue } from './typed-text'

describe('values that are typed', () => {
  it('are numbers and yes or no where they read like that', () => {
    expect(['42', '-1.5', '0', 'true', 'false', '1e+21'].map((text) => typedValue(text, ''))).toEqual([42, -1.5, 0, true, false, 1e21])
  })
  it('stay texts where a number would lose something, or quotes say so', () => {
    expect(
      ['007', '1.10', '12345678901234567890', '+31', '"42"', 'null', '', '4 2', '{{ 4 }}'].map((text) => typedValue(text, '')),
    ).toEqual(['007', '1.10', '12345678901234567890', '+31', '42', 'null', '', '4 2', '{{ 4 }}'])
  })
  it('show a stored text that reads like a number in quotes, so that it stays one', () => {
    expect([42, '42', '"42"', 'true', true, '007', 'open'].map((value) => typedText(value))).toEqual([
      '42',
      '"42"',
      '""42""',
      '"true"',
      'true',
      '007',
      'open',
    ])
  })
  it('come back as they were stored', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.integer(),
      fc.integer().map(String),
      fc.integer().map((one) => `"${one}"`),
      fc.array(fc.integer()),
      fc.dictionary(fc.string(), fc.boolean()),
    )
    fc.assert(
      fc.property(value, (stored) => {
        const given = JSON.parse(JSON.stringify(stored))
        expect(typedValue(typedText(given), given)).toEqual(given)
      }),
    )
  })
  it('can be turned into the other kind', () => {
    expect([42, '42', '1.10', 'open', true, 'false', null].map((value) => otherKind(value))).toEqual([
      '42',
      42,
      1.1,
      undefined,
      'true',
      false,
      undefined,
    ])
  })
})
