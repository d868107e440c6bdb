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
    expect(flowMerge.params.safeParse({ mode: 'by-field', field: 'constructor' }).success).toBe(false)
    expect(runPure(flowMerge, { mode: 'by-field', field: 'toString' }, [{ a: 1 }], [{ b: 1 }]).output).toEqual([{ a: 1 }, { b: 1 }])
  })
  it('takes the first that came', () => {
    expect(runPure(flowMerge, { mode: 'first' }, { a: 1 }, { b: 1 }).output).toEqual({ a: 1 })
    expect(runPure(flowMerge, { mode: 'first' }).output).toBeNull()
  })
  it('refuses more items than a list may have', async () => {
    const half = new Array(50_001).fill(0)
    expect(await failureOf(() => runPure(flowMerge, {}, half, half))).toMatchObject({ code: 'list.too_many' })
    const some = new Array(1_000).fill(0)
    expect(await failureOf(() => runPure(flowMerge, { mode: 'all-pairs' }, some, some))).toMatchObject({ code: 'list.too_many' })
    const heavy = new Array(300).fill({ text: 'x'.repeat(10_000) })
    expect(await failureOf(() => runPure(flowMerge, { mode: 'all-pairs' }, heavy, heavy))).toMatchObject({ code: 'value.too_large' })
  })
  it('puts every item with every other', () => {
    expect(runPure(flowMerge, { mode: 'all-pairs' }, [{ a: 1 }, { a: 2 }], [{ b: 1 }, { b: 2 }]).output).toEqual([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
      { a: 2, b: 2 },
    ])
    expect(runPure(flowMerge, { mode: 'all-pairs' }, ['x', 'y'], [1], 2).output).toEqual([
      ['x', 1, 2],
      ['y', 1, 2],
    ])
    expect(runPure(flowMerge, { mode: 'all-pairs' }, [1, 2], []).output).toEqual([])
  })
  it('hands on what was chosen, or the first', () => {
    expect(runPure(flowMerge, { mode: 'choose', chosen: null }, 1, 2).output).toBeNull()
    expect(runPure(flowMerge, { mode: 'choose' }, 1, 2).output).toBe(1)
    expect(flowMerge.subtitle?.({ mode: 'choose', chosen: '{{ steps.$k1.body }}' }, flowMerge.form)).toBe('{body}')
  })
  it('starts with the first that arrives only when asked to', () => {
    expect(flowMerge.startsWith?.({ mode: 'first-to-arrive' })).toBe('first')
    expect(flowMerge.startsWith?.({})).toBe('all')
  })
})
