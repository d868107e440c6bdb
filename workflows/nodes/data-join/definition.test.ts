import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataJoin } from './definition'

const orders: Json[] = [{ order: 1, customer: { id: 7 } }, { order: 2, customer: { id: 9 } }, { order: 3 }]
const people: Json[] = [
  { id: '7', name: 'Ada' },
  { id: '8', name: 'Bo' },
  { id: '7', name: 'Ada 2' },
  { id: null, name: 'No id' },
]
const joined = (params: Record<string, unknown>) =>
  runPure(dataJoin, { leftBy: 'customer.id', rightBy: 'id', ...params }, orders, people).output

describe('join lists', () => {
  it('keeps pairs, or all of one list or of both', () => {
    const pairs = [
      { order: 1, customer: { id: 7 }, id: '7', name: 'Ada' },
      { order: 1, customer: { id: 7 }, id: '7', name: 'Ada 2' },
    ]
    const [, second, third] = orders
    const alone = [people[1], people[3]]
    expect(joined({ keep: 'inner' })).toEqual(pairs)
    expect(joined({})).toEqual([...pairs, second, third])
    expect(joined({ keep: 'right' })).toEqual([...pairs, ...alone])
    expect(joined({ keep: 'full' })).toEqual([...pairs, second, third, ...alone])
  })
  it('puts the second item into a field of the first', () => {
    expect(joined({ into: 'customer.record', several: 'first', keep: 'full' })).toEqual([
      { order: 1, customer: { id: 7, record: people[0] } },
      { order: 2, customer: { id: 9, record: null } },
      { order: 3, customer: { record: null } },
      { customer: { record: people[1] } },
      { customer: { record: people[3] } },
    ])
  })
  it('lets one list win where both have a field', () => {
    const one = (prefer: 'left' | 'right') => runPure(dataJoin, { leftBy: 'k', prefer }, [{ k: 1, v: 'l' }], [{ k: 1, v: 'r' }]).output
    expect(one('left')).toEqual([{ k: 1, v: 'l' }])
    expect(one('right')).toEqual([{ k: 1, v: 'r' }])
  })
  it('tells 5 and "5" apart when asked to', () => {
    expect(joined({ keep: 'inner', textNumbers: false })).toEqual([])
  })
  it('refuses more pairs than a list may have, and pairs that are too large', async () => {
    const same = new Array(400).fill({ k: 1 })
    expect(await failureOf(() => runPure(dataJoin, { leftBy: 'k' }, same, same))).toMatchObject({ code: 'list.too_many' })
    const heavy = new Array(200).fill({ k: 1, text: 'x'.repeat(5_000) })
    expect(await failureOf(() => runPure(dataJoin, { leftBy: 'k', into: 'o' }, heavy, heavy))).toMatchObject({ code: 'value.too_large' })
  })
  it('takes the first partner of many for each of many in time', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => ({ key: 1, n }))
    const made = runPure(dataJoin, { leftBy: 'key', several: 'first', keep: 'full', into: 'first' }, many, many).output as Json[]
    expect(made).toHaveLength(100_000)
    expect(made.at(-1)).toEqual({ key: 1, n: 99_999, first: { key: 1, n: 0 } })
  }, 10_000)
  it('asks for fields on both sides', () => {
    expect(dataJoin.check?.({}, {} as never)).toMatchObject([{ pointer: '/params/leftBy' }])
    expect(dataJoin.check?.({ leftBy: 'a,b', rightBy: 'c' }, {} as never)).toMatchObject([{ code: 'join.fields' }])
  })
})
