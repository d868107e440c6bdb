import { describe, expect, it } from 'vitest'
import type { GraphNode } from '../../graph/schema'
import { flowRepeat } from './definition'

const conditions = [{ left: '{{ input.status }}', operator: 'equals', right: 'ready' }]

describe('repeat', () => {
  it('looks after each round, at most a hundred times, without a pause', () => {
    expect(flowRepeat.params.parse({})).toMatchObject({ mode: 'until', check: 'after', pauseMs: 0, limit: 100, onLimit: 'fail' })
  })
  it('asks for a condition', () => {
    expect(flowRepeat.check?.({}, {} as GraphNode)).toMatchObject([{ code: 'param.required' }])
    expect(flowRepeat.check?.({ conditions }, {} as GraphNode)).toEqual([])
  })
  it('has an end whatever is asked for', () => {
    for (const limit of [0, -1, 10_001, 2 ** 53]) expect(flowRepeat.params.safeParse({ limit }).success).toBe(false)
    for (const pauseMs of [-1, 31 * 86_400_000]) expect(flowRepeat.params.safeParse({ pauseMs }).success).toBe(false)
  })
  it('says on its card until when, and how often', () => {
    expect(flowRepeat.subtitle?.({ conditions, pauseMs: 60_000 }, flowRepeat.form)).toMatch(/^Until .*status.* ready.*, every 1 min$/)
    expect(flowRepeat.subtitle?.({ mode: 'while' }, flowRepeat.form)).toBe('While no condition yet')
  })
})
