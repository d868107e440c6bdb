import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataRename } from './definition'

const renamed = (names: { from: string; to: string }[], data: Json) => runPure(dataRename, { names }, data).output

describe('rename fields', () => {
  it('gives fields other names in their places, in one object or in each', () => {
    const names = [{ from: 'b', to: 'x' }]
    expect(JSON.stringify(renamed(names, { a: 1, b: 2, c: 3 }))).toBe('{"a":1,"x":2,"c":3}')
    expect(renamed(names, [{ b: 1 }, { a: 1 }, 7, null])).toEqual([{ x: 1 }, { a: 1 }, 7, null])
  })
  it('moves fields by dots, and takes a name with a dot in it for what it is', () => {
    expect(renamed([{ from: 'cust_name', to: 'customer.name' }], { id: 7, cust_name: 'Ada' })).toEqual({ id: 7, customer: { name: 'Ada' } })
    expect(renamed([{ from: 'a.b', to: 'c' }], { a: { b: 1, d: 2 } })).toEqual({ a: { d: 2 }, c: 1 })
    expect(renamed([{ from: 'a.b', to: 'c' }], { 'a.b': 1, a: { b: 2 } })).toEqual({ c: 1, a: { b: 2 } })
  })
  it('lets two fields exchange their names, and a field that is in the way gives way', () => {
    expect(
      renamed(
        [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
        { a: 1, b: 2 },
      ),
    ).toEqual({ a: 2, b: 1 })
    expect(renamed([{ from: 'a', to: 'b' }], { a: 1, b: 2 })).toEqual({ b: 1 })
    expect(renamed([{ from: 'x', to: 'b' }], { a: 1, b: 2 })).toEqual({ a: 1, b: 2 })
  })
  it('refuses reserved names and what is neither an object nor a list', async () => {
    for (const to of ['__proto__', 'a.constructor', ''])
      expect(dataRename.params.safeParse({ names: [{ from: 'a', to }] }).success).toBe(false)
    expect(await failureOf(() => renamed([{ from: 'a', to: 'b..c' }], { a: 1 }))).toMatchObject({ code: 'field.name' })
    expect(await failureOf(() => renamed([], 'text'))).toMatchObject({ code: 'data.not_an_object', pointer: '/params/data' })
  })
})
