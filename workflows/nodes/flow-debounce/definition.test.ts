import { describe, expect, it } from 'vitest'
import { flowDebounce } from './definition'

describe('a debounce', () => {
  it('waits for ten quiet seconds unless it says otherwise', () => {
    expect(flowDebounce.params.parse({})).toEqual({ quietMs: 10_000, key: '' })
    expect(flowDebounce.subtitle?.({}, flowDebounce.form)).toBe('After 10 s of quiet')
    expect(flowDebounce.params.safeParse({ quietMs: 0 }).success).toBe(false)
  })
})
