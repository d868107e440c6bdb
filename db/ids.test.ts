import { describe, expect, it } from 'vitest'
import { fromUuid, isId, newId, newUuid, toUuid } from './ids'

describe('ids', () => {
  it('sort by the order in which they were made, within a millisecond and when the clock goes back', () => {
    const now = Date.now()
    const made = [
      ...Array.from({ length: 10_000 }, () => newUuid(now)),
      ...Array.from({ length: 10 }, () => newUuid(now - 60_000)),
      ...Array.from({ length: 10 }, () => newUuid(now + 60_000)),
    ]
    expect([...made].sort()).toEqual(made)
    expect(new Set(made).size).toBe(made.length)
  })

  it('are UUIDs of version 7', () => {
    expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('carry their kind outside and refuse another kind', () => {
    const id = newId('run')
    expect(fromUuid('run', toUuid(id, 'run'))).toBe(id)
    expect(isId(id, 'run')).toBe(true)
    expect(() => toUuid(id, 'wf')).toThrow(RangeError)
    expect(() => toUuid("run_'; drop table runs; --")).toThrow(RangeError)
  })
})
