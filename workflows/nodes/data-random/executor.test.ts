import { describe, expect, it } from 'vitest'
import { failureOf, runEffect } from '../../../tests/support/run-node'
import type { Json } from '../../graph/schema'
import { dataRandom } from './definition'
import { runDataRandom } from './executor.server'

const draw = async (params: Parameters<typeof runEffect<typeof dataRandom.params>>[2], input: Json = null) =>
  (await runEffect(dataRandom, runDataRandom, params, { input })).output

describe('a random value', () => {
  it('is a unique id', async () => {
    expect(await draw({})).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(await draw({ prefix: 'order-', into: 'id' }, { a: 1 })).toMatchObject({ a: 1, id: expect.stringMatching(/^order-/) })
    expect(await draw({})).not.toBe(await draw({}))
  })
  it('is a number between two others, both included', async () => {
    const seen = new Set(await Promise.all(Array.from({ length: 200 }, () => draw({ kind: 'number', from: '1', to: 3 }))))
    expect([...seen].sort()).toEqual([1, 2, 3])
    const part = (await draw({ kind: 'number', from: -1, to: 1, whole: false })) as number
    expect(Math.abs(part)).toBeLessThanOrEqual(1)
    const large = (await draw({ kind: 'number', from: -9e12, to: 9e12 })) as number
    expect(Number.isSafeInteger(large)).toBe(true)
  })
  it('is a text of chosen characters', async () => {
    expect(await draw({ kind: 'text', length: 40, letters: 'readable' })).toMatch(/^[A-HJ-NP-Za-km-z2-9]{40}$/)
    expect(await draw({ kind: 'text', length: 6, letters: 'digits', prefix: 'V' })).toMatch(/^V\d{6}$/)
  })
  it('is a part of a list or a list in another order', async () => {
    const list = [1, 2, 3, 4, 5]
    expect(((await draw({ kind: 'shuffle' }, list)) as number[]).toSorted()).toEqual(list)
    const some = (await draw({ kind: 'pick', list, count: 2 })) as number[]
    expect(new Set(some).size).toBe(2)
    expect(await draw({ kind: 'pick', count: 9 }, [1])).toEqual([1])
    expect(list).toEqual([1, 2, 3, 4, 5])
  })
  it('says when it cannot be', async () => {
    expect(await failureOf(() => draw({ kind: 'number', from: 2, to: 1 }))).toMatchObject({ code: 'random.range', pointer: '/params/to' })
    expect(await failureOf(() => draw({ kind: 'number', from: 1.2, to: 1.8 }))).toMatchObject({ code: 'random.range' })
    expect(await failureOf(() => draw({ kind: 'pick' }, 'abc'))).toMatchObject({ code: 'list.not_a_list' })
    expect(dataRandom.params.safeParse({ length: 1e9 }).success).toBe(false)
  })
  it('is drawn once: trying again is not its way', () => {
    expect(dataRandom.retry).toEqual({ attempts: 1 })
  })
})
