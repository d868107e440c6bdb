import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataSplit } from './definition'

const orders: Json[] = [
  { id: 1, order: { lines: ['a', 'b'], day: 'Mo' } },
  { id: 2, order: { lines: [] } },
  { id: 3 },
  { id: 4, order: { lines: 'c' } },
]

describe('split out', () => {
  it('gives what stood in the lists', () => {
    expect(runPure(dataSplit, { field: 'order.lines' }, orders)).toEqual({ port: 'main', output: ['a', 'b', 'c'] })
  })
  it('takes one item as well', () => {
    expect(runPure(dataSplit, { field: 'data' }, { data: [{ n: 1 }, { n: 2 }] }).output).toEqual([{ n: 1 }, { n: 2 }])
  })
  it('keeps the other fields when asked to, and items with nothing in the list too', () => {
    expect(runPure(dataSplit, { field: 'order.lines', keep: 'others' }, orders).output).toEqual([
      { id: 1, order: { lines: 'a', day: 'Mo' } },
      { id: 1, order: { lines: 'b', day: 'Mo' } },
      { id: 4, order: { lines: 'c' } },
    ])
    const kept = runPure(dataSplit, { field: 'order.lines', keep: 'others', empty: 'keep' }, orders).output as unknown[]
    expect(kept.slice(2, 4)).toEqual([
      { id: 2, order: { lines: null } },
      { id: 3, order: { lines: null } },
    ])
    expect(orders[0]).toEqual({ id: 1, order: { lines: ['a', 'b'], day: 'Mo' } })
  })
  it('refuses to make more items than a list may have, or more bytes than a value may have', async () => {
    const many = { lines: new Array(50_001).fill(0) }
    expect(await failureOf(() => runPure(dataSplit, { field: 'lines' }, [many, many]))).toMatchObject({ code: 'list.too_many' })
    const heavy = { text: 'x'.repeat(10_000), lines: new Array(50_000).fill(0) }
    expect(await failureOf(() => runPure(dataSplit, { field: 'lines', keep: 'others' }, heavy))).toMatchObject({ code: 'value.too_large' })
  })
  it('asks for a field', () => {
    expect(dataSplit.check?.({}, {} as never)).toMatchObject([{ pointer: '/params/field' }])
  })
})
