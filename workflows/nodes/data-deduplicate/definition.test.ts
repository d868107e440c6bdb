import { describe, expect, it } from 'vitest'
import { runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataDeduplicate } from './definition'

describe('remove duplicates', () => {
  it('keeps one of the items that are equal as a whole, whatever the order of their fields', () => {
    const list = [{ a: 1, b: [2] }, { b: [2], a: 1 }, { a: '1', b: [2] }, 1, '1', 1, null, null]
    expect(runPure(dataDeduplicate, {}, list).output).toEqual([{ a: 1, b: [2] }, { a: '1', b: [2] }, 1, '1', null])
  })
  it('compares only some fields when told so, and keeps the first or the last', () => {
    const list: Json[] = [{ who: { mail: 'a' }, n: 1 }, { who: { mail: 'b' }, n: 2 }, { who: { mail: 'a' }, n: 3 }, { n: 4 }, { n: 5 }]
    const kept = (keep: 'first' | 'last') =>
      (runPure(dataDeduplicate, { by: ' who.mail ', keep }, list).output as { n: number }[]).map((item) => item.n)
    expect(kept('first')).toEqual([1, 2, 4])
    expect(kept('last')).toEqual([2, 3, 5])
  })
  it('does not mix up values that lie beside each other', () => {
    const list = [
      { a: 'x', b: 'yz' },
      { a: 'xy', b: 'z' },
    ]
    expect(runPure(dataDeduplicate, { by: ['a', 'b'] }, list).output).toEqual(list)
  })
})
