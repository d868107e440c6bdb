import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataAggregate } from './definition'
import type { Operation } from './operations'

const one = (operation: Operation, list: Json, field = '') =>
  (runPure(dataAggregate, { results: [{ operation, field, name: 'it' }] }, list).output as { it: Json }).it

describe('aggregate', () => {
  it.each<[Operation, Json, Json]>([
    ['count', [1, null, {}], 3],
    ['sum', [1, '2.5', null, ''], 3.5],
    ['sum', new Array(10).fill(0.1), 1],
    ['sum', [0.1, 0.2], 0.3],
    ['sum', [1e-7, 2e-7], 3e-7],
    ['sum', [], 0],
    ['average', [1, 2, null], 1.5],
    ['average', [], null],
    ['min', [10, 9, '8', null], '8'],
    ['max', ['1.5', '1.25', '-10'], '1.5'],
    ['min', ['-5', '-10', ''], '-10'],
    ['max', ['a', 'b', 'B'], 'b'],
    ['max', ['2026-01-02', '2026-01-10'], '2026-01-10'],
    ['min', [], null],
    ['list', [1, null, 1], [1, 1]],
    ['distinct', [{ a: 1 }, { a: 1 }, 1, '1'], [{ a: 1 }, 1, '1']],
    ['count-distinct', [1, 1, '1', null], 2],
    ['first', [null, 2, 3], 2],
    ['last', [1, 2, null], 2],
    ['last', [], null],
  ])('%s of %j is %j', (operation, list, expected) => {
    expect(one(operation, list)).toEqual(expected)
  })
  it('makes an object for each group, with the fields it groups by in their places', () => {
    const list: Json[] = [
      { customer: { country: 'NL' }, total: 5 },
      { customer: { country: 'DE' }, total: 1 },
      { customer: { country: 'NL' }, total: 7 },
      { total: 2 },
    ]
    const results = [{ operation: 'sum' as const, field: 'total' }, { operation: 'list' as const }]
    expect(runPure(dataAggregate, { groupBy: 'customer.country', results }, list).output).toEqual([
      { customer: { country: 'NL' }, total_sum: 12, items: [list[0], list[2]] },
      { customer: { country: 'DE' }, total_sum: 1, items: [list[1]] },
      { customer: { country: null }, total_sum: 2, items: [list[3]] },
    ])
    expect(runPure(dataAggregate, { groupBy: 'a' }, []).output).toEqual([])
    expect(runPure(dataAggregate, {}, []).output).toEqual({ count: 0 })
  })
  it.each<[Json, string, string]>([
    [[1, 'many'], 'aggregate.not_a_number', 'Item 2'],
    [[{}], 'aggregate.not_a_number', 'an object'],
    [['9007199254740993'], 'aggregate.not_exact', '9007199254740993'],
    [[1.7e308, 1.7e308], 'aggregate.too_large', 'too large'],
    [['1e999'], 'aggregate.not_a_number', '1e999'],
  ])('does not add up %j', async (list, code, words) => {
    const failure = await failureOf(() => one('sum', list))
    expect(failure).toMatchObject({ class: 'bad_data', code })
    expect(failure.message).toContain(words)
  })
  it('gives each result a name of its own, and warns where two were given the same', () => {
    const list: Json[] = [{ net: { total: 1 }, gross: { total: 2 }, count: 'x' }]
    const results = [
      { operation: 'sum' as const, field: 'net.total' },
      { operation: 'sum' as const, field: 'gross.total' },
    ]
    expect(runPure(dataAggregate, { results }, list).output).toEqual({ total_sum: 1, total_sum_2: 2 })
    expect(runPure(dataAggregate, { groupBy: 'count' }, list).output).toEqual([{ count: 'x', count_2: 1 }])
    const named = (names: string[]) =>
      dataAggregate.check?.({ groupBy: 'country', results: names.map((name) => ({ operation: 'count', name })) }, {} as never)
    expect(named(['a', 'b', ''])).toEqual([])
    expect(named(['a', 'a', 'country'])?.map(({ pointer }) => pointer)).toEqual(['/params/results/1/name', '/params/results/2/name'])
  })
  it('refuses a reserved name for a result', () => {
    expect(dataAggregate.params.safeParse({ results: [{ name: 'a.constructor' }] }).success).toBe(false)
  })
  it('says on its card what it works out', () => {
    expect(dataAggregate.subtitle?.({ groupBy: 'country', results: [{ operation: 'sum', field: 'total' }, 3] }, dataAggregate.form)).toBe(
      'Sum total by country',
    )
    expect(dataAggregate.subtitle?.({}, dataAggregate.form)).toBe('Count')
  })
})
