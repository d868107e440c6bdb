import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { flowMerge } from './definition'

describe('merge', () => {
  it('puts lists one after the other, and takes what is no list as a list of one', () => {
    expect(runPure(flowMerge, {}, [1, [2]], { a: 3 }, null)).toEqual({ port: 'main', output: [1, [2], { a: 3 }, null] })
  })
  it('puts items in the same place together', () => {
    expect(runPure(flowMerge, { mode: 'by-position' }, [{ a: 1, x: 1 }, { a: 2 }], [{ b: 1, x: 2 }]).output).toEqual([
      { a: 1, b: 1, x: 2 },
      { a: 2 },
    ])
    expect(runPure(flowMerge, { mode: 'by-position' }, [1], [2]).output).toEqual([[1, 2]])
  })
  it('puts items with the same value in a field together and leaves the others', () => {
    const orders: Json = [{ customer: { id: 1 }, total: 5 }, { customer: { id: 2 } }]
    const names: Json = [{ customer: { id: 1 }, name: 'A' }, { name: 'nobody' }, 7]
    expect(runPure(flowMerge, { mode: 'by-field', field: 'customer.id' }, orders, names).output).toEqual([
      { customer: { id: 1 }, total: 5, name: 'A' },
      { customer: { id: 2 } },
      { name: 'nobody' },
      7,
    ])
  })
  it('does not take a prototype for a field', () => {
    expect(runPure(flowMerge, { mode: 'by-field', field: 'constructor' }, [{ a: 1 }], [{ b: 1 }]).output).toEqual([{ a: 1 }, { b: 1 }])
  })
  it('takes the first that came', () => {
    expect(runPure(flowMerge, { mode: 'first' }, { a: 1 }, { b: 1 }).output).toEqual({ a: 1 })
    expect(runPure(flowMerge, { mode: 'first' }).output).toBeNull()
  })
  it('refuses more items than a list may have', async () => {
    const half = new Array(50_001).fill(0)
    expect(await failureOf(() => runPure(flowMerge, {}, half, half))).toMatchObject({ code: 'merge.too_many' })
  })
})
