import { describe, expect, it } from 'vitest'
import { flowForEach } from './definition'

describe('for each', () => {
  it('goes through its items one by one and stops with the first failure, unless told otherwise', () => {
    expect(flowForEach.params.parse({})).toEqual({
      batchSize: 1,
      concurrency: 1,
      onItemError: 'fail',
      attempts: 1,
      retryDelayMs: 1_000,
    })
  })
  it('takes numbers that an expression made into texts, and none that are out of range', () => {
    expect(flowForEach.params.parse({ concurrency: '5' }).concurrency).toBe(5)
    for (const concurrency of [0, 101, 1.5, '1e400', 2 ** 53, '{{'])
      expect(flowForEach.params.safeParse({ concurrency }).success).toBe(false)
    expect(flowForEach.params.safeParse({ batchSize: 100_001 }).success).toBe(false)
  })
  it('says on its card what it goes through', () => {
    expect(flowForEach.subtitle?.({ items: '{{ input.orders }}' }, flowForEach.form)).toBe('Item of {orders}')
    expect(flowForEach.subtitle?.({ batchSize: 20 }, flowForEach.form)).toBe('20 of the input at a time')
  })
})
