import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataSort } from './definition'

const sorted = (by: { field?: string; direction?: 'ascending' | 'descending'; as?: 'natural' | 'number' | 'text' }[], list: Json) =>
  runPure(dataSort, { by }, list).output

describe('sort', () => {
  it('puts numbers by size and words as people order them', () => {
    expect(sorted([], ['item 10', 'b', 10, 'Item 2', 'É', 'a', 9, 'e', 'f'])).toEqual([9, 10, 'a', 'b', 'e', 'É', 'f', 'Item 2', 'item 10'])
    expect(sorted([], ['2026-03-10', '2026-03-09T23:00:00Z', '2025-12-31'])).toEqual(['2025-12-31', '2026-03-09T23:00:00Z', '2026-03-10'])
  })
  it('takes texts for numbers, or characters for characters, when asked to', () => {
    expect(sorted([{ as: 'number' }], ['10', 9, 'x', '-1.5', null])).toEqual(['-1.5', 9, '10', 'x', null])
    expect(sorted([{ as: 'text' }], ['a', 'B', '10', 9])).toEqual(['10', 9, 'B', 'a'])
  })
  it('takes texts for numbers by itself where nothing but numbers is there', () => {
    expect(sorted([], ['1.5', '1.25', '-5', '-10', 2, null])).toEqual(['-10', '-5', '1.25', '1.5', 2, null])
    expect(sorted([], ['1.10', '1.9', '1.9.1'])).toEqual(['1.9', '1.9.1', '1.10'])
    expect(sorted([], ['9007199254740993', '9007199254740992', '10'])).toEqual(['10', '9007199254740992', '9007199254740993'])
    expect(sorted([{ as: 'number' }], ['Infinity', '0x10', '5'])).toEqual(['5', 'Infinity', '0x10'])
  })
  it('asks the next field where only capitals and accents differ', () => {
    const list = [
      { country: 'nl', total: 2 },
      { country: 'NL', total: 1 },
      { country: 'nl', total: 0 },
    ]
    expect((sorted([{ field: 'country' }, { field: 'total' }], list) as { total: number }[]).map(({ total }) => total)).toEqual([0, 1, 2])
  })
  it('asks the next field where the first is equal, and leaves equals as they were', () => {
    const list = [
      { a: 1, b: 'x', n: 1 },
      { a: 2, b: 'y', n: 2 },
      { a: 1, b: 'y', n: 3 },
      { a: 1, b: 'x', n: 4 },
    ]
    const by = [{ field: 'a' }, { field: 'b', direction: 'descending' as const }]
    expect((sorted(by, list) as { n: number }[]).map((item) => item.n)).toEqual([3, 1, 4, 2])
    expect(list[0]?.n).toBe(1)
  })
  it('puts what is missing at the end in both directions', () => {
    for (const direction of ['ascending', 'descending'] as const) {
      expect((sorted([{ field: 'a.b', direction }], [{}, { a: { b: 1 } }, { a: null }]) as Json[])[0]).toEqual({ a: { b: 1 } })
    }
  })
  it('gives each item once, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 2 })), (list) => {
        const result = sorted([{ field: 'a' }, { field: '' }], list as Json) as Json[]
        expect(result.map((item) => JSON.stringify(item)).sort()).toEqual(list.map((item) => JSON.stringify(item)).sort())
      }),
    )
  })
  it('says when there is no list, and where there may be one', async () => {
    const failure = await failureOf(() => runPure(dataSort, {}, { orders: [1], name: 'x' }))
    expect(failure).toMatchObject({ code: 'list.not_a_list', pointer: '/params/list' })
    expect(failure.hint).toContain('{{ input.orders }}')
  })
  it('refuses a reserved name', () => {
    expect(dataSort.params.safeParse({ by: [{ field: 'a.__proto__' }] }).success).toBe(false)
  })
  it('names its fields on its card', () => {
    expect(dataSort.subtitle?.({ by: [{ field: 'a' }, { field: '' }, 3, { field: 'b.c' }] }, dataSort.form)).toBe('By a, b.c')
  })
})
