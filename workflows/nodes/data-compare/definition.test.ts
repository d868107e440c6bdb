import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataCompare } from './definition'

const before: Json[] = [{ id: 1, price: 5, seen: 'mo' }, { id: 2 }, { id: 4, seen: 'mo' }]
const after: Json[] = [{ id: '1', price: 6, seen: 'tu' }, { id: 3 }, { id: 4, seen: 'tu' }]

describe('compare lists', () => {
  it('tells what was added, removed and changed, and which fields', () => {
    expect(runPure(dataCompare, { before, after, by: 'id', ignore: 'seen' }).output).toEqual({
      added: [{ id: 3 }],
      removed: [{ id: 2 }],
      changed: [{ before: before[0], after: after[0], fields: ['price'] }],
      same: [{ id: 4, seen: 'tu' }],
    })
  })
  it('takes what came over two ways in where no list is named', () => {
    expect(runPure(dataCompare, { by: 'id', textNumbers: false }, before, after).output).toMatchObject({
      added: [{ id: '1' }, { id: 3 }],
      removed: [{ id: 1 }, { id: 2 }],
      changed: [{ fields: ['seen'] }],
    })
    expect(runPure(dataCompare, { before }, after).output).toMatchObject({ same: [], removed: before, added: after })
  })
  it('compares whole items without a field, each as often as it is there', () => {
    expect(runPure(dataCompare, { before: [1, 1, { a: 1, b: 2 }], after: [{ b: 2, a: 1 }, 1, '1'] }).output).toEqual({
      added: ['1'],
      removed: [1],
      changed: [],
      same: [{ b: 2, a: 1 }, 1],
    })
  })
  it('says when the second list is missing or is none', async () => {
    expect(await failureOf(() => runPure(dataCompare, {}, [1]))).toMatchObject({ code: 'list.second_missing', pointer: '/params/after' })
    expect(await failureOf(() => runPure(dataCompare, { before: 'x' }, [1]))).toMatchObject({
      code: 'list.not_a_list',
      pointer: '/params/before',
    })
  })
})
