import { describe, expect, it } from 'vitest'
import type { Json } from '@/workflows/graph/schema'
import { schemaOfShape, shapeOf } from './shape-of'
import { shortValue } from './short-value'
import { cellOf, findTableRows, pathOfCell, tableOf } from './table-of'
import { findRows, treeRows } from './tree-rows'

const orders: Json = {
  orders: [
    { id: 1, 'ship to': { city: 'Oslo' } },
    { id: 2, note: 'Rotterdam' },
  ],
  total: 2,
}

describe('data as a tree', () => {
  it('stands open to a depth, and each row knows the expression that gives it', () => {
    const rows = treeRows([{ name: 'input', path: 'input', value: orders, openTo: 2 }], new Set())
    expect(rows.map((row) => row.path)).toEqual(['input', 'input.orders', 'input.orders[0]', 'input.orders[1]', 'input.total'])
    const turned = treeRows([{ name: 'input', path: 'input', value: orders, openTo: 2 }], new Set(['input/orders', 'input/orders/0']))
    expect(turned.map((row) => row.path)).toEqual(['input', 'input.orders', 'input.total'])
  })
  it('finds names and values, with the rows that lead to them', () => {
    const found = [...findRows([{ name: 'input', path: 'input', value: orders }], 'oslo')].filter((row) => row !== undefined)
    expect(found.map((row) => row.path)).toEqual([
      'input',
      'input.orders',
      'input.orders[0]',
      'input.orders[0]["ship to"]',
      'input.orders[0]["ship to"].city',
    ])
  })
  it('has no row for what is closed, however much there is of it', () => {
    const value = { many: Array.from({ length: 100_000 }, (_, index) => ({ index })) }
    expect(treeRows([{ name: 'input', value, openTo: 1 }], new Set())).toHaveLength(2)
  })
})

describe('data as a table', () => {
  it('takes the first list of objects and says which expression gives a cell', () => {
    const table = tableOf(orders, 'input')
    expect(table?.columns).toEqual(['id', 'ship to', 'note'])
    expect(table && pathOfCell(table, 1, 'note')).toBe('input.orders[1].note')
    expect(cellOf(table?.rows[0] ?? null, 'note')).toBeUndefined()
  })
  it('finds rows by any cell', () => {
    const table = tableOf(orders, 'input')
    expect(table && [...findTableRows(table, 'rotter')].filter((index) => index !== undefined)).toEqual([1])
  })
  it('is none where there is no list', () => {
    expect(tableOf('text')).toBeNull()
    expect(tableOf([])).toBeNull()
  })
})

describe('data as a schema', () => {
  it('says what is there in every item and what is not', () => {
    expect(schemaOfShape(shapeOf(orders))).toEqual({
      type: 'object',
      properties: {
        orders: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: { type: 'number' },
              'ship to': { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
              note: { type: 'string' },
            },
            required: ['id'],
          },
        },
        total: { type: 'number' },
      },
      required: ['orders', 'total'],
    })
  })
})

describe('a value in one line', () => {
  it('costs no more for a large value than for a small one', () => {
    const large = Array.from({ length: 200_000 }, (_, index) => ({ index, text: 'x'.repeat(50) }))
    const start = performance.now()
    for (let count = 0; count < 1_000; count++) shortValue(large)
    expect(performance.now() - start).toBeLessThan(1_000)
    expect(shortValue(large)).toHaveLength(120)
    expect(shortValue({ a: [1, 'b', null] })).toBe('{"a":[1,"b",null]}')
  })
})
