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
  it('keeps fields apart that end alike', () => {
    const item = { net: { price: [1, 2] }, gross: { price: [3, 4] } }
    expect(runPure(dataSplit, { field: 'net.price, gross.price' }, item).output).toEqual([
      { net: { price: 1 }, gross: { price: 3 } },
      { net: { price: 2 }, gross: { price: 4 } },
    ])
  })
  it('takes several lists apart side by side', () => {
    const item = { id: 1, sku: ['a', 'b', 'c'], at: { price: [5, 6] } }
    expect(runPure(dataSplit, { field: 'sku, at.price' }, item).output).toEqual([
      { sku: 'a', price: 5 },
      { sku: 'b', price: 6 },
      { sku: 'c', price: null },
    ])
    expect(runPure(dataSplit, { field: 'sku, at.price', keep: 'others' }, item).output).toMatchObject([
      { id: 1, sku: 'a', at: { price: 5 } },
      { id: 1, sku: 'b', at: { price: 6 } },
      { id: 1, sku: 'c', at: { price: null } },
    ])
    expect(runPure(dataSplit, { field: 'sku, at.price', into: 'line' }, item).output).toMatchObject([
      { line: { sku: 'a', price: 5 } },
      {},
      {},
    ])
  })
  it('puts what stood in the list into a field of its own', () => {
    expect(runPure(dataSplit, { field: 'lines', into: 'line' }, { lines: [1, 2] }).output).toEqual([{ line: 1 }, { line: 2 }])
    expect(runPure(dataSplit, { field: 'lines', keep: 'others', into: 'line' }, { id: 7, lines: [1, 2] }).output).toEqual([
      { id: 7, line: 1 },
      { id: 7, line: 2 },
    ])
  })
  it('asks for a field', () => {
    expect(dataSplit.check?.({}, {} as never)).toMatchObject([{ pointer: '/params/field' }])
  })
})
