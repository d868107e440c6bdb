import { describe, expect, it } from 'vitest'
import { textParts } from './text-parts'

describe('the parts of a text', () => {
  it('are the text when put together, none longer than asked for', () => {
    const text = 'abcdefghij'.repeat(10)
    const parts = [...textParts(text, 7)]
    expect(parts.join('')).toBe(text)
    expect(Math.max(...parts.map(({ length }) => length))).toBe(7)
    expect([...textParts(text)]).toEqual([text])
  })

  it('never tear a pair of surrogates', () => {
    const text = 'a😀😀😀b'
    for (const length of [2, 3, 4, 5]) {
      const parts = [...textParts(text, length)]
      expect(parts.join('')).toBe(text)
      expect(parts.every((part) => part.isWellFormed())).toBe(true)
    }
  })

  it('of an empty text are none', () => {
    expect([...textParts('')]).toEqual([])
  })
})
