import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import { dataLimit } from './definition'

const list = ['a', 'b', 'c', 'd']

describe('limit', () => {
  it.each([
    [{}, list],
    [{ count: 2 }, ['a', 'b']],
    [{ count: '2', skip: 1 }, ['b', 'c']],
    [{ keep: 'last', count: 2 }, ['c', 'd']],
    [{ keep: 'last', count: 2, skip: 1 }, ['b', 'c']],
    [{ keep: 'last', count: 9 }, list],
    [{ keep: 'last', count: 0 }, []],
    [{ keep: 'rest', skip: 3 }, ['d']],
    [{ skip: 9 }, []],
    [{ keep: 'last', skip: 9 }, []],
  ] as const)('with %j keeps %j', (params, expected) => {
    expect(runPure(dataLimit, params, [...list])).toEqual({ port: 'main', output: expected })
  })
  it('cuts a list that is too long for other steps', () => {
    expect(runPure(dataLimit, { count: 1 }, new Array(1_000_000).fill(7)).output).toEqual([7])
  })
  it('needs a list and whole numbers', async () => {
    expect(await failureOf(() => runPure(dataLimit, {}, 'abc'))).toMatchObject({ code: 'list.not_a_list' })
    expect(dataLimit.params.safeParse({ count: -1 }).success).toBe(false)
    expect(dataLimit.params.safeParse({ count: 1.5 }).success).toBe(false)
  })
  it('says on its card what it keeps', () => {
    expect(dataLimit.subtitle?.({}, dataLimit.form)).toBe('The first 10')
    expect(dataLimit.subtitle?.({ keep: 'last', count: 3, skip: 2 }, dataLimit.form)).toBe('The last 3, after 2')
  })
})
