import { describe, expect, it } from 'vitest'
import { failureOf, runPure } from '../../../tests/support/run-node'
import { dataSet } from './definition'

describe('set fields', () => {
  it('adds and changes fields of the input, which stays as it was', () => {
    const input = { id: 1, customer: { name: 'A', vat: 'x' } }
    const fields = [
      { name: 'customer.name', value: 'B' },
      { name: 'total', value: 3 },
    ]
    expect(runPure(dataSet, { fields }, input)).toEqual({
      port: 'main',
      output: { id: 1, customer: { name: 'B', vat: 'x' }, total: 3 },
    })
    expect(input.customer.name).toBe('A')
  })
  it('keeps only these fields when asked to, and when the input is no object', () => {
    const fields = [{ name: 'a.b', value: [1] }]
    expect(runPure(dataSet, { fields, keep: 'only-set' }, { z: 1 }).output).toEqual({ a: { b: [1] } })
    expect(runPure(dataSet, { fields }, [1, 2]).output).toEqual({ a: { b: [1] } })
  })
  it.each(['__proto__', 'a.constructor.b', 'prototype', 'a..b', '.'])('refuses the name %s', async (name) => {
    expect(await failureOf(() => runPure(dataSet, { fields: [{ name, value: { polluted: true } }] }, {}))).toMatchObject({
      code: 'set.name',
    })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
  it('shows the names it sets', () => {
    expect(dataSet.subtitle?.({ fields: [{ name: 'a' }, { name: 'b.c' }, 3] }, dataSet.form)).toBe('a, b.c')
  })
})
