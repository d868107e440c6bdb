import { describe, expect, it } from 'vitest'
import { markAsked, takeAsked } from './asked-ahead'

describe('a question that was asked before its page stood', () => {
  it('counts once, for the page that is opened then', () => {
    expect(takeAsked('a')).toBe(false)
    markAsked('a')
    expect([takeAsked('a'), takeAsked('a')]).toEqual([true, false])
  })

  it('does not count for a page that is opened later', () => {
    markAsked('b', 0)
    expect(takeAsked('b', 60_000)).toBe(false)
  })
})
