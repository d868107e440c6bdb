import { describe, expect, it } from 'vitest'
import { readJson } from './read-json'

describe('JSON from outside', () => {
  it.each([
    ['{"a": [1, "x", null]}', { a: [1, 'x', null] }],
    ['{"__proto__": {"x": 1}, "constructor": 1, "a": {"prototype": 2, "b": 3}}', { a: { b: 3 } }],
    ['{"id": 9007199254740993, "n": -12345678901234567890}', { id: '9007199254740993', n: '-12345678901234567890' }],
    ['"a\\u0000b \\ud800"', 'a\uFFFDb \uFFFD'],
    ['{"a\\u0000": 1}', { 'a\uFFFD': 1 }],
    ['{"a": 1, "a": 2}', { a: 2 }],
    ['1e30', 1e30],
  ])('%s', (text, value) => {
    expect(readJson(text)).toEqual({ ok: true, value })
  })
  it.each(['', '{', 'nope', '1e400', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, '{"a":'.repeat(5_000)])(
    'that cannot be kept is refused: %.20s',
    (text) => {
      expect(readJson(text)).toMatchObject({ ok: false, message: expect.any(String) })
    },
  )
  it('may hold brackets inside texts', () => {
    expect(readJson(`"${'['.repeat(1_000)}\\"${'{'.repeat(1_000)}"`).ok).toBe(true)
  })
})
